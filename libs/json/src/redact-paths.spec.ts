import { describe, expect, it } from 'vitest';
import { parsePathPattern, type PathPattern } from './json-path.ts';
import type { JsonValue } from './json-value.ts';
import { redactPaths } from './redact-paths.ts';

const patternsOf = (...texts: readonly string[]) => texts.map((text) => parsePathPattern(text) as PathPattern);
const GONE = '[redacted:policy]';

const value = {
  args: {
    card: { number: '4111', holder: 'ada' },
    items: [{ secret: 1, price: 2 }, { price: 3 }, { secret: null }],
    amount: 120,
  },
};

describe('redactPaths', () => {
  it('replaces what stands at the paths, keeps the rest, and says where', () =>
    expect(redactPaths(value, patternsOf('args.card.number', 'args.items[*].secret'))).toEqual({
      value: {
        args: {
          card: { number: GONE, holder: 'ada' },
          items: [{ secret: GONE, price: 2 }, { price: 3 }, { secret: GONE }],
          amount: 120,
        },
      },
      paths: ['args.card.number', 'args.items[0].secret', 'args.items[2].secret'],
    }));

  it.each([
    ['args.card', ['args.card']],
    ['args.items[1]', ['args.items[1]']],
    ['args.*.number', ['args.card.number']],
    [
      'args.items[*][*]',
      ['args.items[0].secret', 'args.items[0].price', 'args.items[1].price', 'args.items[2].secret'],
    ],
    ['args', ['args']],
  ])('%s redacts %j', (pattern, paths) => expect(redactPaths(value, patternsOf(pattern)).paths).toEqual(paths));

  it('counts a place once, however many patterns meet there', () =>
    expect(redactPaths(value, patternsOf('args.card', 'args.card.number', 'args.*')).paths).toEqual([
      'args.card',
      'args.items',
      'args.amount',
    ]));

  it('gives back the very value when no pattern meets anything', () => {
    const patterns = patternsOf(
      'args.cards',
      'args.amount.cents',
      'args.items[7]',
      'args.items.secret',
      'args.constructor',
    );
    expect(redactPaths(value, patterns)).toEqual({ value, paths: [] });
    expect(redactPaths(value, patterns).value).toBe(value);
  });

  it('reaches a key named `__proto__` and never the prototype', () => {
    const hostile = JSON.parse('{"args":{"__proto__":{"pin":1},"a":{"pin":2}}}') as JsonValue;
    const redacted = redactPaths(hostile, patternsOf('args.__proto__.pin'));
    expect(JSON.stringify(redacted.value)).toBe('{"args":{"__proto__":{"pin":"[redacted:policy]"},"a":{"pin":2}}}');
    expect(redactPaths({ args: {} }, patternsOf('args.__proto__')).paths).toEqual([]);
  });
});
