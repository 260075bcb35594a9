import { formatAmount, parseAmount } from '@countersign/kernel';
import { z } from 'zod';
import type { ActionCost, OutcomeCost } from './cost.ts';
import { priceOf, type Priced, type Pricing } from './price.ts';
import type { Amounts } from './selected-budget.ts';

/**
 * How a cost was arrived at, as the event keeps it, so that deciding again needs no price book.
 * Rates are pico-USD per token and `usd` is decimal USD.
 */
export const PriceRecord = z.strictObject({
  usd: z.string(),
  source: z.enum(['stated', 'policy', 'book', 'assumed']),
  priceBookVersion: z.string().nullable(),
  rates: z.strictObject({ input: z.string(), cachedInput: z.string(), output: z.string() }).nullable(),
  outputTokens: z.number().int().nullable(),
});
export type PriceRecord = z.infer<typeof PriceRecord>;

/** What an action counts for. `unknown` says why `amounts.usd` is null although a cost was sent. */
export interface Metered {
  readonly amounts: Amounts;
  readonly price: PriceRecord | null;
  readonly unknown: Extract<Priced, { outcome: 'unknown' }> | null;
}

/** What an action may cost at most, and so what is held for it. Null is an action that says nothing of its cost. */
export function meterAction(cost: ActionCost | null, pricing: Pricing): Metered {
  return meter(cost, cost?.maxOutputTokens, pricing);
}

/** What an action did cost, by real counts. */
export function meterOutcome(cost: OutcomeCost | null, pricing: Pricing): Metered {
  return meter(cost, cost?.outputTokens, pricing);
}

/** For `unknownPrice: { assume }`: the same action at an assumed price. */
export function assuming(metered: Metered, nanos: bigint): Metered {
  const price = { usd: formatAmount('usd', nanos), source: 'assumed', priceBookVersion: null, rates: null, outputTokens: null } as const;
  return { amounts: { ...metered.amounts, usd: nanos }, price, unknown: null };
}

function meter(cost: ActionCost | OutcomeCost | null, outputTokens: number | undefined, pricing: Pricing): Metered {
  if (cost === null) return { amounts: { usd: null, tokens: null, calls: 1n }, price: null, unknown: null };
  if (cost.usd !== undefined) return stated(cost.usd, cost.tokens);

  const { provider = '', model = '', inputTokens = 0, cachedInputTokens = 0 } = cost;
  const priced = priceOf(
    { provider, model, inputTokens, cachedInputTokens, outputTokens: outputTokens ?? null },
    pricing,
  );
  return meteredTokens(priced, inputTokens, outputTokens);
}

function stated(usd: string, tokens: number | undefined): Metered {
  const nanos = parseAmount('usd', usd);
  const price = { usd: formatAmount('usd', nanos), source: 'stated', priceBookVersion: null, rates: null, outputTokens: null } as const;
  return { amounts: { usd: nanos, tokens: tokens === undefined ? null : BigInt(tokens), calls: 1n }, price, unknown: null };
}

/** An unknown price does not make the tokens unknown, as long as their number is bounded. */
function meteredTokens(priced: Priced, inputTokens: number, outputTokens: number | undefined): Metered {
  if (priced.outcome === 'unknown') {
    const tokens = outputTokens === undefined ? null : BigInt(inputTokens + outputTokens);
    return { amounts: { usd: null, tokens, calls: 1n }, price: null, unknown: priced };
  }
  const { nanos, source, priceBookVersion, rates } = priced;
  const { input, cachedInput, output } = rates;
  return {
    amounts: { usd: nanos, tokens: BigInt(inputTokens + priced.outputTokens), calls: 1n },
    price: {
      usd: formatAmount('usd', nanos),
      source,
      priceBookVersion,
      rates: { input: `${input}`, cachedInput: `${cachedInput}`, output: `${output}` },
      outputTokens: priced.outputTokens,
    },
    unknown: null,
  };
}
