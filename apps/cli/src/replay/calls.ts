import type { Action, Outcome } from '@countersign/sdk';
import type { ModelCall, Step } from './recording.ts';

/** The answer a model may give at most when the recording does not say; documented in docs/replay-format.md. */
const OUTPUT_CHARS_MAX = 4_000;

/** A recorded step as the question an agent asks now. Characters stand where tokens belong. */
export function actionOf(step: Step, requestId: string): Action & { readonly requestId: string } {
  const { intent, run, user } = step;
  const asked = { requestId, intent, run, ...(user !== undefined && { user }) };
  if (step.kind === 'tool')
    return { ...asked, args: step.args, ...(step.target !== undefined && { target: step.target }) };
  const { target, provider, input_chars: inputTokens } = step;
  return { ...asked, target, cost: { provider, model: target, inputTokens, maxOutputTokens: outputMaxOf(step) } };
}

/** How the recorded step went, as the agent would report it. */
export function outcomeOf(step: Step): Outcome {
  if (step.kind === 'tool') {
    const { outcome: status, result_chars: characters } = step;
    return characters === undefined ? { status } : { status, result: { characters } };
  }
  const { provider, target: model, input_chars: inputTokens, output_chars: outputTokens } = step;
  return { status: 'success', cost: { provider, model, inputTokens, outputTokens } };
}

/** A bound below what was really answered cannot have been the bound. */
const outputMaxOf = ({ max_output_chars: most = OUTPUT_CHARS_MAX, output_chars: given }: ModelCall) =>
  Math.max(most, given);
