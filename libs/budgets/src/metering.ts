import { formatAmount, parseAmount } from '@countersign/kernel';
import { z } from 'zod';
import type { ActionCost, OutcomeCost } from './cost.ts';
import { outputTokensMaxOf, priceOf, type Priced, type Pricing, type TokenCounts } from './price.ts';
import type { Amounts } from './selected-budget.ts';

const Rate = z.string().nullable();

/**
 * How a cost was arrived at, as the event keeps it, so that deciding again needs no price book.
 * Rates are pico-USD per token and `usd` is decimal USD.
 */
export const PriceRecord = z.strictObject({
  usd: z.string(),
  source: z.enum(['stated', 'policy', 'book', 'assumed']),
  priceBookVersion: z.string().nullable(),
  rates: z.strictObject({ input: Rate, cachedInput: Rate, output: Rate }).nullable(),
  /** How many the price counts: those stated, or the model's maximum. */
  outputTokens: z.number().int().nullable(),
});
export type PriceRecord = z.infer<typeof PriceRecord>;

/** What an action counts for. `unknown` says why `amounts.usd` is null although a cost was sent. */
export interface Metered {
  readonly amounts: Amounts;
  readonly price: PriceRecord | null;
  readonly unknown: Extract<Priced, { outcome: 'unknown' }> | null;
}

/**
 * What an action may cost at most, and so what is held for it. Null is an action that says nothing of its cost.
 *
 * @throws {AmountError} if `usd` is not an amount; a cost that passed `ActionCost` has one.
 */
export function meterAction(cost: ActionCost | null, pricing: Pricing): Metered {
  return meter(cost, cost?.maxOutputTokens, pricing);
}

/**
 * What an action did cost, by real counts.
 *
 * @throws {AmountError} as `meterAction`.
 */
export function meterOutcome(cost: OutcomeCost | null, pricing: Pricing): Metered {
  return meter(cost, cost?.outputTokens, pricing);
}

/** For `unknownPrice: { assume }`: the same action at an assumed price. */
export function assuming(metered: Metered, nanos: bigint): Metered {
  return { amounts: { ...metered.amounts, usd: nanos }, price: unpricedRecord('assumed', nanos), unknown: null };
}

function meter(cost: ActionCost | OutcomeCost | null, outputTokens: number | undefined, pricing: Pricing): Metered {
  if (cost === null) return { amounts: SILENT, price: null, unknown: null };
  if (cost.usd !== undefined) return stated(cost.usd, cost.tokens);

  const { provider, model, inputTokens, cachedInputTokens = 0 } = cost;
  if (provider === undefined || model === undefined || inputTokens === undefined)
    return { amounts: SILENT, price: null, unknown: INCOMPLETE };

  const bound = outputTokens ?? outputTokensMaxOf(provider, model, pricing);
  return counted({ provider, model, inputTokens, cachedInputTokens, outputTokens: bound }, pricing);
}

const SILENT: Amounts = { usd: null, tokens: null, calls: 1n };

const INCOMPLETE = {
  outcome: 'unknown',
  code: 'budget.cost_missing',
  message: '`cost` needs `usd`, or `provider`, `model` and `inputTokens`',
} as const;

function stated(usd: string, tokens: number | undefined): Metered {
  const nanos = parseAmount('usd', usd);
  const amounts = { usd: nanos, tokens: tokens === undefined ? null : BigInt(tokens), calls: 1n };
  return { amounts, price: unpricedRecord('stated', nanos), unknown: null };
}

/** An unknown price does not make the tokens unknown, as long as their number is bounded. */
function counted(counts: TokenCounts, pricing: Pricing): Metered {
  const { inputTokens, outputTokens } = counts;
  const tokens = outputTokens === null ? null : BigInt(inputTokens + outputTokens);
  const priced = priceOf(counts, pricing);
  if (priced.outcome === 'unknown') return { amounts: { usd: null, tokens, calls: 1n }, price: null, unknown: priced };
  return { amounts: { usd: priced.nanos, tokens, calls: 1n }, price: recordOf(priced), unknown: null };
}

function recordOf(priced: Extract<Priced, { outcome: 'priced' }>): PriceRecord {
  const { nanos, source, priceBookVersion, outputTokens, rates } = priced;
  const text = (rate: bigint | null) => rate?.toString() ?? null;
  const texts = { input: text(rates.input), cachedInput: text(rates.cachedInput), output: text(rates.output) };
  return { usd: formatAmount('usd', nanos), source, priceBookVersion, rates: texts, outputTokens };
}

function unpricedRecord(source: 'stated' | 'assumed', nanos: bigint): PriceRecord {
  return { usd: formatAmount('usd', nanos), source, priceBookVersion: null, rates: null, outputTokens: null };
}
