import type { Instant } from '@countersign/kernel';
import { calcPrice, type ConditionalPrice, type ModelInfo, type ModelPrice } from '@pydantic/genai-prices';
import { decimalText, picosPerToken } from './pico.ts';

/** Pico-USD per token, whole. Null is a price nobody knows, which is never zero: an embedding model has no output price. */
export interface TokenRates {
  readonly input: bigint | null;
  readonly cachedInput: bigint | null;
  readonly output: bigint | null;
}

/** What a book knows of one model at one time. */
export interface BookEntry {
  /** Dearer above a number of input tokens, for some models: the whole action is charged the tier it falls in. */
  ratesFor(inputTokens: number): TokenRates;
  /** No answer can be longer. Null when the book does not say. */
  readonly outputTokensMax: number | null;
}

/** Prices by provider and model. A book never changes under a process: its version stands in every event it priced. */
export interface PriceBook {
  readonly version: string;
  find(provider: string, model: string, at: Instant): BookEntry | null;
}

/** Agents choose the names, so what is remembered of them is bounded. */
const REMEMBERED_MAX = 1_000;

/**
 * The prices bundled with `@pydantic/genai-prices`. The package also has an updater, which fetches: nothing here starts
 * it, so what a version prices never changes. It matches and dates models; the arithmetic is ours, because its own is in
 * floats and charges nothing for what it has no price for. Text tokens only: audio, images, searches and cache writes
 * have prices of their own, and an action that buys them states its cost as `usd`.
 */
export function bundledPriceBook(): PriceBook {
  const remembered = new Map<string, Dated>();
  return {
    version: 'genai-prices@0.1.8',
    find(provider, model, at) {
      const key = JSON.stringify([provider, model]);
      const known = remembered.get(key);
      if (known !== undefined && at >= known.from && at < known.until) return known.entry;

      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      const found = lookUp(provider, model, at);
      remembered.set(key, found);
      return found.entry;
    },
  };
}

/** An answer and the time, [from, until), in which it stays the same. */
interface Dated {
  readonly entry: BookEntry | null;
  readonly from: number;
  readonly until: number;
}

function lookUp(provider: string, model: string, at: Instant): Dated {
  const found = calcPrice({}, model, { providerId: provider, timestamp: new Date(at) });
  if (found === null) return { entry: null, from: 0, until: Infinity };

  const { model: info, model_price: price } = found;
  const entry = {
    ratesFor: (inputTokens: number) => ratesOf(price, inputTokens),
    outputTokensMax: info.context_window ?? null,
  };
  return { entry, ...validityOf(info.prices, at) };
}

/** A price that depends on the time of day holds for the instant asked, and is looked up each time. */
function validityOf(prices: ModelInfo['prices'], at: Instant): { from: number; until: number } {
  if (!isConditional(prices)) return { from: 0, until: Infinity };

  const constraints = prices.flatMap(({ constraint }) => (constraint === undefined ? [] : [constraint]));
  if (constraints.some(({ type }) => type === 'time_of_date')) return { from: at, until: at + 1 };

  const starts = constraints.flatMap((constraint) =>
    'start_date' in constraint ? [Date.parse(constraint.start_date)] : [],
  );
  const from = Math.max(0, ...starts.filter((start) => start <= at));
  return { from, until: Math.min(Infinity, ...starts.filter((start) => start > at)) };
}

const isConditional = (prices: ModelInfo['prices']): prices is ConditionalPrice[] => Array.isArray(prices);

function ratesOf(price: ModelPrice, inputTokens: number): TokenRates {
  const input = rateOf(price['input_mtok'], inputTokens);
  return {
    input,
    cachedInput: rateOf(price['cache_read_mtok'], inputTokens) ?? input,
    output: rateOf(price['output_mtok'], inputTokens),
  };
}

function rateOf(price: ModelPrice[string], inputTokens: number): bigint | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return picosPerToken(decimalText(price));

  const tier = price.tiers.findLast(({ start }) => inputTokens > start);
  return picosPerToken(decimalText(tier?.price ?? price.base));
}
