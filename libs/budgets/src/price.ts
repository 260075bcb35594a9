import { formatAmount, NANOS_MAX, type Instant } from '@countersign/kernel';
import { nanosOf, picosPerToken } from './pico.ts';
import type { PriceBook, TokenRates } from './price-book.ts';

/** A price that a policy states, as decimal text per million tokens, valid in [from, until). */
export interface PriceRule {
  readonly provider: string;
  /** With `*` for any characters. Providers and models are compared without case. */
  readonly model: string;
  readonly inputPerMTok: string;
  /** Null: cached tokens cost what others cost. */
  readonly cachedInputPerMTok: string | null;
  readonly outputPerMTok: string;
  readonly from: Instant | null;
  readonly until: Instant | null;
}

/** Where prices come from: the policies' rules in the order policy gives them, the first that fits, else the book. */
export interface Pricing {
  readonly rules: readonly PriceRule[];
  readonly book: PriceBook;
  readonly at: Instant;
}

/** Tokens to be priced. `inputTokens` includes the cached ones. */
export interface TokenCounts {
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  /** Null: as many as the model can give. */
  readonly outputTokens: number | null;
}

export type Priced =
  | {
      readonly outcome: 'priced';
      readonly nanos: bigint;
      readonly source: 'policy' | 'book';
      readonly priceBookVersion: string | null;
      readonly rates: TokenRates;
      readonly outputTokens: number;
    }
  | { readonly outcome: 'unknown'; readonly code: 'price.unknown' | 'budget.cost_missing'; readonly message: string };

/**
 * Prices tokens exactly, rounding the total up to a nano-USD. Nothing it does not know is taken for free.
 *
 * `price.unknown`: neither a policy nor the book prices this model, or the price is over what one action may carry.
 * `budget.cost_missing`: the action bounds no output, and nobody knows the model's maximum.
 */
export function priceOf(counts: TokenCounts, pricing: Pricing): Priced {
  const entry = pricing.book.find(counts.provider, counts.model, pricing.at);
  const rule = pricing.rules.find((candidate) => applies(candidate, counts, pricing.at));
  const rates = rule ? ratesOf(rule) : entry?.ratesFor(counts.inputTokens);
  if (rates === undefined) return unpriced(counts);

  const outputTokens = counts.outputTokens ?? outputTokensMaxOf(counts.provider, counts.model, pricing);
  if (outputTokens === null) return unbounded(counts);

  const nanos = totalOf(rates, counts, outputTokens);
  if (nanos === null) return unpriced(counts);
  if (nanos > NANOS_MAX) return overpriced(nanos);
  return { outcome: 'priced', nanos, ...sourceOf(rule, pricing.book), rates, outputTokens };
}

function sourceOf(rule: PriceRule | undefined, book: PriceBook) {
  return rule
    ? ({ source: 'policy', priceBookVersion: null } as const)
    : ({ source: 'book', priceBookVersion: book.version } as const);
}

/** The most tokens a model can answer with, from the book. Null when it does not say. */
export function outputTokensMaxOf(
  provider: string,
  model: string,
  pricing: Pick<Pricing, 'book' | 'at'>,
): number | null {
  return pricing.book.find(provider, model, pricing.at)?.outputTokensMax ?? null;
}

/** Null when there are tokens of a kind that has no price. */
function totalOf(
  rates: TokenRates,
  { inputTokens, cachedInputTokens }: TokenCounts,
  outputTokens: number,
): bigint | null {
  const input = costOf(inputTokens - cachedInputTokens, rates.input);
  const cachedInput = costOf(cachedInputTokens, rates.cachedInput);
  const output = costOf(outputTokens, rates.output);
  return input === null || cachedInput === null || output === null ? null : nanosOf(input + cachedInput + output);
}

function costOf(count: number, rate: bigint | null): bigint | null {
  if (count === 0) return 0n;
  return rate === null ? null : rate * BigInt(count);
}

function applies(rule: PriceRule, { provider, model }: TokenCounts, at: Instant): boolean {
  const isInForce = (rule.from === null || at >= rule.from) && (rule.until === null || at < rule.until);
  return (
    isInForce &&
    matches(rule.provider.toLowerCase(), provider.toLowerCase()) &&
    matches(rule.model.toLowerCase(), model.toLowerCase())
  );
}

/** Linear: every literal between stars is searched once, from where the one before ended. */
function matches(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === text;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;

  let from = head.length;
  for (const literal of rest) {
    const found = text.indexOf(literal, from);
    if (found < 0) return false;
    from = found + literal.length;
  }
  return from <= text.length - tail.length;
}

/** What does not read as a decimal is an unknown price, rather than letting a cheaper source speak. */
function ratesOf(rule: PriceRule): TokenRates {
  return {
    input: picosPerToken(rule.inputPerMTok),
    cachedInput: picosPerToken(rule.cachedInputPerMTok ?? rule.inputPerMTok),
    output: picosPerToken(rule.outputPerMTok),
  };
}

const unpriced = ({ provider, model }: TokenCounts): Priced => ({
  outcome: 'unknown',
  code: 'price.unknown',
  message: `no price is known for model ${JSON.stringify(model)} of provider ${JSON.stringify(provider)}: add it to a policy's \`prices\`, or state the cost as \`usd\``,
});

const unbounded = ({ model }: TokenCounts): Priced => ({
  outcome: 'unknown',
  code: 'budget.cost_missing',
  message: `\`cost.maxOutputTokens\` is missing, and the most that model ${JSON.stringify(model)} can answer is not known: send it`,
});

const overpriced = (nanos: bigint): Priced => ({
  outcome: 'unknown',
  code: 'price.unknown',
  message: `the tokens cost ${formatAmount('usd', nanos)} USD, over the ${formatAmount('usd', NANOS_MAX)} USD one action may carry`,
});
