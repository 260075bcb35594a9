import type { JsonValue } from '@countersign/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesBetween } from './difference.ts';

const paths = (before: JsonValue, now: JsonValue) => differencesBetween(before, now).map(({ path }) => path);

describe('what differs between two actions', () => {
  it('is named by its place, with what stood there and what stands there now', () => {
    const before = { target: 'order-1', args: { amount: 120, items: [{ sku: 'mug' }], note: 'a' } };
    const now = { target: 'order-2', args: { amount: 120, items: [{ sku: 'cup' }, { sku: 'pan' }] } };
    expect(differencesBetween(before, now)).toEqual([
      { path: 'target', before: 'order-1', now: 'order-2' },
      { path: 'args.items[0].sku', before: 'mug', now: 'cup' },
      { path: 'args.items[1]', before: undefined, now: { sku: 'pan' } },
      { path: 'args.note', before: 'a', now: undefined },
    ]);
  });

  it('tells a list from an object, nothing from null, and a number from its text', () => {
    expect(paths({ args: [] }, { args: {} })).toEqual(['args']);
    expect(paths({ args: {} }, { args: { a: null } })).toEqual(['args.a']);
    expect(paths({ amount: 1 }, { amount: '1' })).toEqual(['amount']);
  });

  it('takes keys of agents for keys, whatever they are called', () => {
    const named = JSON.parse('{"__proto__":1,"constructor":2,"two words":3}') as JsonValue;
    expect(paths({}, named)).toEqual(['__proto__', 'constructor', '["two words"]']);
  });

  it('ends after a hundred places', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key-${index}`, index]));
    expect(paths({}, many)).toHaveLength(100);
  });

  it('is nothing for one action twice, and something for two that are not the same', () => {
    const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(differencesBetween(one, JSON.parse(JSON.stringify(one)) as JsonValue)).toEqual([]);
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(differencesBetween(one, other).length === 0).toBe(isSame);
      }),
    );
  });
});

/** With the keys of every object in order. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, held]) => [key, sorted(held)]),
  );
}
