const modelIntent = /^(ai|llm|image|audio|embedding)\./;

/** Whether an intent is one of those that use a model. Expects lower case. */
export const usesModel = (intent: string) => modelIntent.test(intent);

/** What the short-form limits select: `ai` everything that uses a model or states a cost, `llm` the `llm.*` intents. */
export const isInFamily = (family: 'ai' | 'llm', intent: string, hasCost: boolean) =>
  family === 'llm' ? intent.startsWith('llm.') : hasCost || usesModel(intent);
