import type { Instant } from '@countersign/kernel';
import { calcPrice, type ModelPrice } from '@pydantic/genai-prices';
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
  const remembered = new Map<string, BookEntry | null>();
  return {
    version: 'genai-prices@0.1.8',
    find(provider, model, at) {
      const key = JSON.stringify([provider, model]);
      const known = remembered.get(key);
      if (known !== undefined) return known;

      const { entry, isDated } = lookUp(provider, model, at);
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      if (!isDated) remembered.set(key, entry);
      return entry;
    },
  };
}

/** Dated prices depend on the day, or on the hour, and are looked up each time. */
function lookUp(provider: string, model: string, at: Instant): { entry: BookEntry | null; isDated: boolean } {
  const found = calcPrice({}, model, { providerId: provider, timestamp: new Date(at) });
  if (found === null) return { entry: null, isDated: false };

  const { model: info, model_price: price } = found;
  return {
    entry: { ratesFor: (inputTokens) => ratesOf(price, inputTokens), outputTokensMax: info.context_window ?? null },
    isDated: Array.isArray(info.prices),
  };
}

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
