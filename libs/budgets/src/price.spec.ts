import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at, noon, usd } from './budget.mother.ts';
import { assuming, meterAction, meterOutcome } from './metering.ts';
import { decimalText, picosPerToken } from './pico.ts';
import { bundledPriceBook } from './price-book.ts';
import { outputTokensMaxOf, priceOf, type PriceRule, type Pricing, type TokenCounts } from './price.ts';
import { always } from './property.mother.ts';

const book = bundledPriceBook();
const pricing = (...rules: PriceRule[]): Pricing => ({ rules, book, at: noon });

const fineTuned: PriceRule = {
  provider: 'openai',
  model: 'ft:*:treasury',
  inputPerMTok: '1.10',
  cachedInputPerMTok: '0.55',
  outputPerMTok: '4.40',
  from: at('2026-01-01T00:00:00Z'),
  until: at('2027-01-01T00:00:00Z'),
};

const chat = (changes: Partial<TokenCounts> = {}): TokenCounts => ({
  provider: 'openai',
  model: 'gpt-4o',
  inputTokens: 1_000,
  cachedInputTokens: 0,
  outputTokens: 100,
  ...changes,
});

const nanosOf = (counts: TokenCounts, ...rules: PriceRule[]) => {
  const priced = priceOf(counts, pricing(...rules));
  return priced.outcome === 'priced' ? priced.nanos : priced.code;
};

describe('I11: prices are read from decimal text, per token, in whole pico-USD', () => {
  it.each([
    ['1', 1_000_000n],
    ['0.075', 75_000n],
    ['0.000001', 1n],
    ['0.0000001', 1n],
    ['2.5000000', 2_500_000n],
    ['0', 0n],
  ])('$%s per million tokens', (text, picos) => expect(picosPerToken(text)).toBe(picos));

  it.each(['', '-1', '1e-7', 'NaN', '.5', '1.', '1 ', '٣'])('refuses `%s`', (text) =>
    expect(picosPerToken(text)).toBeNull(),
  );

  it.each([
    [0.075, '0.075'],
    [1e-7, '0.0000001'],
    [1.25e-7, '0.000000125'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [10, '10'],
  ])('writes the number %d without an exponent', (number, text) => expect(decimalText(number)).toBe(text));

  always(
    'writes any number as a decimal that reads back as the same number',
    fc.property(fc.double({ min: 0, max: 1e300, noNaN: true }), (number) => {
      expect(decimalText(number)).toMatch(/^\d+(\.\d+)?$/);
      expect(Number(decimalText(number))).toBe(number);
    }),
  );

  const cents = fc.integer({ min: 0, max: 10_000_000 });
  const count = fc.integer({ min: 0, max: 1_000_000 });
  always(
    'rounds a total up to a nano-USD, and never by more',
    fc.property(cents, cents, count, count, (inputMillionths, outputMillionths, inputTokens, outputTokens) => {
      const text = (millionths: number) =>
        `${Math.floor(millionths / 1e6)}.${String(millionths % 1e6).padStart(6, '0')}`;
      const rule = {
        ...fineTuned,
        model: '*',
        inputPerMTok: text(inputMillionths),
        outputPerMTok: text(outputMillionths),
      };
      const exactPicos =
        BigInt(inputMillionths) * BigInt(inputTokens) + BigInt(outputMillionths) * BigInt(outputTokens);
      const nanos = BigInt(nanosOf(chat({ inputTokens, outputTokens }), rule));
      expect(nanos * 1_000n - exactPicos).toBeGreaterThanOrEqual(0n);
      expect(nanos * 1_000n - exactPicos).toBeLessThan(1_000n);
    }),
  );
});

describe('a model is priced', () => {
  it.each([
    ['by the book', chat(), [], usd('0.0035')],
    ['with cached tokens at their price', chat({ cachedInputTokens: 400 }), [], usd('0.003')],
    [
      'with cached tokens at the full price when the book names no other',
      chat({ model: 'gpt-4o-2024-05-13', cachedInputTokens: 400 }),
      [],
      usd('0.0065'),
    ],
    ['below a tier', chat({ provider: 'google', model: 'gemini-2.5-pro', inputTokens: 200_000 }), [], usd('0.251')],
    [
      'wholly in the tier its input reaches',
      chat({ provider: 'google', model: 'gemini-2.5-pro', inputTokens: 200_001 }),
      [],
      usd('0.5015025'),
    ],
    ['by a policy before the book', chat(), [{ ...fineTuned, model: 'gpt-*' }], usd('0.00154')],
    [
      'by the first rule that fits',
      chat(),
      [
        { ...fineTuned, provider: 'azure' },
        { ...fineTuned, model: 'GPT-4O' },
        { ...fineTuned, model: '*', inputPerMTok: '9' },
      ],
      usd('0.00154'),
    ],
    ['by a pattern with several parts', chat({ model: 'ft:gpt-4o:treasury' }), [fineTuned], usd('0.00154')],
    [
      'with cached tokens at the full price when the policy names no other',
      chat({ cachedInputTokens: 400 }),
      [{ ...fineTuned, model: '*', cachedInputPerMTok: null }],
      usd('0.00154'),
    ],
    ['for nothing when nothing is counted', chat({ inputTokens: 0, outputTokens: 0 }), [], 0n],
    [
      'without an output price when there is no output',
      chat({ model: 'text-embedding-3-small', outputTokens: 0 }),
      [],
      usd('0.00002'),
    ],
  ] as const)('%s', (_case, counts, rules, nanos) => expect(nanosOf(counts, ...rules)).toBe(nanos));

  it.each([
    ['before its rule is valid', { ...fineTuned, from: at('2026-11-20T12:00:00.001Z') }],
    ['at the instant its rule ends', { ...fineTuned, until: noon }],
    ['when the pattern overlaps itself', { ...fineTuned, model: 'ft:gpt-4o:treasury*treasury' }],
  ])('not %s', (_case, rule) => expect(nanosOf(chat({ model: 'ft:gpt-4o:treasury' }), rule)).toBe('price.unknown'));

  it.each([
    ['a model nobody prices', chat({ model: 'hal-9000' })],
    ['a provider nobody knows', chat({ provider: 'acme' })],
    ['a model priced by the minute', chat({ model: 'whisper-1' })],
    ['output of a model without an output price', chat({ model: 'text-embedding-3-small' })],
    ['names from an object prototype', chat({ provider: '__proto__', model: 'constructor' })],
    [
      'a million dollars and more',
      chat({ model: 'gpt-5-pro', inputTokens: 1_000_000_000, outputTokens: 1_000_000_000 * 9 }),
    ],
  ])('not: %s is an unknown price, never free', (_case, counts) => expect(nanosOf(counts)).toBe('price.unknown'));

  it('not by a rule that does not read, nor by what is cheaper behind it', () =>
    expect(nanosOf(chat(), { ...fineTuned, model: '*', inputPerMTok: '1e-9' })).toBe('price.unknown'));

  it('by the price in force at the time', () => {
    const sol = { ...chat({ model: 'gpt-5.6-sol', inputTokens: 1_000_000, outputTokens: 0 }) };
    const on = (time: string) => priceOf({ ...sol, inputTokens: 100_000 }, { rules: [], book, at: at(time) });
    expect(on('2026-08-20T23:59:59.999Z')).toMatchObject({ nanos: usd('0.5') });
    expect(on('2026-08-21T00:00:00Z')).toMatchObject({ nanos: usd('0.4') });
    expect(on('2026-08-20T23:59:59.999Z')).toMatchObject({ nanos: usd('0.5') });
  });

  it('by the price of the hour', () => {
    const night = {
      provider: 'deepseek',
      model: 'deepseek-chat',
      inputTokens: 1_000_000,
      cachedInputTokens: 0,
      outputTokens: 0,
    };
    const on = (time: string) => priceOf(night, { rules: [], book, at: at(time) });
    expect(on('2026-11-20T16:29:59.999Z')).toMatchObject({ nanos: usd('0.27') });
    expect(on('2026-11-20T16:30:00Z')).toMatchObject({ nanos: usd('0.135') });
  });
});

describe('an action that bounds no output', () => {
  it('is priced at all that the model can answer', () => {
    expect(outputTokensMaxOf('openai', 'gpt-4o', pricing())).toBe(128_000);
    expect(nanosOf(chat({ outputTokens: null }))).toBe(usd('1.2825'));
  });

  it('lacks its cost when nobody knows how much that is', () =>
    expect(nanosOf(chat({ model: 'ft:gpt-4o:treasury', outputTokens: null }), fineTuned)).toBe('budget.cost_missing'));
});

describe('an action is metered', () => {
  const tokens = { provider: 'openai', model: 'gpt-4o', inputTokens: 1_000 };

  it('by what it states', () => {
    const { amounts, price } = meterAction({ usd: '0.420', tokens: 7 }, pricing());
    expect(amounts).toEqual({ usd: usd('0.42'), tokens: 7n, calls: 1n });
    expect(price).toEqual({ usd: '0.42', source: 'stated', priceBookVersion: null, rates: null, outputTokens: null });
  });

  it('by its tokens, and records all that pricing it again needs', () =>
    expect(meterAction({ ...tokens, maxOutputTokens: 100 }, pricing())).toEqual({
      amounts: { usd: usd('0.0035'), tokens: 1_100n, calls: 1n },
      price: {
        usd: '0.0035',
        source: 'book',
        priceBookVersion: 'genai-prices@0.1.8',
        rates: { input: '2500000', cachedInput: '1250000', output: '10000000' },
        outputTokens: 100,
      },
      unknown: null,
    }));

  it('at all that the model can answer when it bounds no output', () =>
    expect(meterAction(tokens, pricing()).amounts).toEqual({ usd: usd('1.2825'), tokens: 129_000n, calls: 1n }));

  it('as a call when it says nothing', () =>
    expect(meterAction(null, pricing()).amounts).toEqual({ usd: null, tokens: null, calls: 1n }));

  it('by its tokens alone when their price is unknown, or at an assumed price', () => {
    const metered = meterAction({ ...tokens, model: 'hal-9000', maxOutputTokens: 100 }, pricing());
    expect(metered).toMatchObject({ amounts: { usd: null, tokens: 1_100n }, unknown: { code: 'price.unknown' } });
    expect(assuming(metered, usd('0.5'))).toMatchObject({
      amounts: { usd: usd('0.5'), tokens: 1_100n },
      price: { source: 'assumed', usd: '0.5' },
      unknown: null,
    });
  });

  it('never for free when its cost is half said', () =>
    expect(meterAction({ provider: 'openai', model: 'gpt-4o' }, pricing())).toMatchObject({
      amounts: { usd: null, tokens: null },
      unknown: { code: 'budget.cost_missing' },
    }));

  it('afterwards by what it really used', () =>
    expect(meterOutcome({ ...tokens, cachedInputTokens: 400, outputTokens: 20 }, pricing()).amounts).toEqual({
      usd: usd('0.0022'),
      tokens: 1_020n,
      calls: 1n,
    }));
});

describe('the bundled price book', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('fetches nothing', () => {
    vi.stubGlobal('fetch', () => {
      throw new Error('fetched');
    });
    expect(nanosOf(chat())).toBe(usd('0.0035'));
    const source = readFileSync('node_modules/@pydantic/genai-prices/dist/index.js', 'utf8');
    expect(source).not.toMatch(/\bfetch\s*\(|XMLHttpRequest|setInterval|setTimeout|\bimport\b/);
  });

  it('states the version that is installed', () => {
    const { version } = JSON.parse(readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8')) as {
      version: string;
    };
    expect(book.version).toBe(`genai-prices@${version}`);
  });

  it('answers the same to a million names that agents invent, without keeping them', () => {
    for (let name = 0; name < 2_500; name += 1) expect(book.find('openai', `invented-${name}`, noon)).toBeNull();
    expect(nanosOf(chat())).toBe(usd('0.0035'));
  });

  const models = fc.constantFrom('gpt-4o', 'gpt-4o-mini', 'gpt-5', 'gpt-5.4', 'gpt-5.6-sol', 'o3', 'gpt-4.1-nano');
  const count = fc.integer({ min: 0, max: 1_000_000 });
  always(
    'agrees with its own floats to within their error',
    fc.property(models, count, count, fc.nat(100), (model, inputTokens, outputTokens, share) => {
      const cachedInputTokens = Math.floor((inputTokens * share) / 100);
      const usage = { input_tokens: inputTokens, cache_read_tokens: cachedInputTokens, output_tokens: outputTokens };
      const theirs = calcPrice(usage, model, { providerId: 'openai', timestamp: new Date(noon) })?.total_price ?? NaN;
      const ours = Number(nanosOf(chat({ model, inputTokens, cachedInputTokens, outputTokens }))) / 1e9;
      expect(Math.abs(ours - theirs)).toBeLessThan(2e-9 + theirs * 1e-12);
    }),
  );
});
