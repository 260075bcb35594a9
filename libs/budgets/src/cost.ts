import { AmountError, parseAmount } from '@countersign/kernel';
import { z } from 'zod';

/** The most tokens of one kind that one action may name. */
export const TOKENS_MAX = 1_000_000_000;

const tokens = () =>
  z
    .number('must be a whole number of tokens')
    .int('must be a whole number of tokens')
    .min(0, 'must not be negative')
    .max(TOKENS_MAX, `must be at most ${TOKENS_MAX}`);

const label = () => z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters');

const parts = {
  usd: z.string('must be a decimal in quotes, such as "0.42"').optional(),
  tokens: tokens().optional(),
  provider: label().optional(),
  model: label().optional(),
  inputTokens: tokens().optional(),
  cachedInputTokens: tokens().optional(),
};

/** JSON Schema cannot be derived from the cross-checks, so the published form states the alternatives itself. */
const alternatives = (...counts: string[]) => ({
  anyOf: [{ required: ['usd'] }, { required: ['provider', 'model', 'inputTokens', ...counts] }],
});

/**
 * What an action will cost: `{ usd, tokens? }`, or `{ provider, model, inputTokens, cachedInputTokens?, maxOutputTokens? }`
 * to be priced. `inputTokens` includes the cached ones. Amounts stay decimal text: never a float (I11).
 */
export const ActionCost = z
  .strictObject({ ...parts, maxOutputTokens: tokens().optional() })
  .check((context) => report(context, problemsOf(context.value)))
  .meta(alternatives());
export type ActionCost = z.infer<typeof ActionCost>;

/** What an action did cost: the same, with `outputTokens` counted instead of `maxOutputTokens` bounded. */
export const OutcomeCost = z
  .strictObject({ ...parts, outputTokens: tokens().optional() })
  .check((context) => report(context, [...problemsOf(context.value), ...outputProblems(context.value)]))
  .meta(alternatives('outputTokens'));
export type OutcomeCost = z.infer<typeof OutcomeCost>;

/** What is wrong between the fields of a cost. Codes are permanent. */
export const costCodes = {
  'cost.ambiguous': 'A cost is both stated and to be computed from tokens.',
  'cost.incomplete': 'A cost says neither `usd` nor everything that computing it takes.',
  'cost.cached_exceeds_input': 'More cached input tokens are named than input tokens, which include them.',
} as const;

interface CostProblem {
  readonly code: keyof typeof costCodes | AmountError['code'];
  readonly field: string;
  readonly message: string;
}

/** Zod checks across fields only once each field has its type. */
type AnyCost = { readonly [Field in keyof typeof parts]?: z.infer<(typeof parts)[Field]> };

const PRICED = ['provider', 'model', 'inputTokens'] as const;

function report(context: z.core.ParsePayload<unknown>, problems: readonly CostProblem[]) {
  for (const { code, field, message } of problems)
    context.issues.push({ code: 'custom', input: context.value, path: [field], message, params: { code } });
}

function problemsOf(cost: AnyCost): readonly CostProblem[] {
  return cost.usd === undefined ? pricedProblems(cost) : [...statedProblems(cost), ...amountProblems(cost)];
}

/** One or the other: an action that said both could have its cost judged by the smaller. */
function statedProblems(cost: AnyCost): readonly CostProblem[] {
  return [...PRICED, 'cachedInputTokens', 'maxOutputTokens', 'outputTokens']
    .filter((field) => field in cost)
    .map((field) => ({
      code: 'cost.ambiguous' as const,
      field,
      message:
        'must not stand beside `usd`: state the cost, or let it be computed from tokens; what was called belongs in `context`',
    }));
}

function amountProblems({ usd = '' }: AnyCost): readonly CostProblem[] {
  try {
    parseAmount('usd', usd);
    return [];
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    return [{ code: error.code, field: 'usd', message: error.message }];
  }
}

function pricedProblems(cost: AnyCost): readonly CostProblem[] {
  const absent = PRICED.filter((field) => cost[field] === undefined).map((field) => ({
    code: 'cost.incomplete' as const,
    field,
    message: 'is required unless `usd` states the cost',
  }));
  return [...absent, ...tokenProblems(cost)];
}

function tokenProblems({ tokens: total, inputTokens, cachedInputTokens }: AnyCost): readonly CostProblem[] {
  const problems: CostProblem[] = [];
  if (total !== undefined)
    problems.push({
      code: 'cost.ambiguous',
      field: 'tokens',
      message: 'stands only beside `usd`: here they are counted',
    });
  if (cachedInputTokens !== undefined && inputTokens !== undefined && cachedInputTokens > inputTokens)
    problems.push({
      code: 'cost.cached_exceeds_input',
      field: 'cachedInputTokens',
      message: 'must not exceed `inputTokens`, which includes the cached ones',
    });
  return problems;
}

function outputProblems(cost: AnyCost & { readonly outputTokens?: number | undefined }): readonly CostProblem[] {
  if (cost.usd !== undefined || cost.outputTokens !== undefined) return [];
  return [{ code: 'cost.incomplete', field: 'outputTokens', message: 'is required unless `usd` states the cost' }];
}
