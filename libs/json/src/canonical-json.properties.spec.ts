import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import type { JsonValue } from './json-value.ts';

const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`canonical-json properties: seed ${seed}`);

/** Objects with their keys in order are written by the platform, others by the library: half of each. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('json'), { maxLength: 4 }),
    fc
      .tuple(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 3 }), tie('json')), { maxLength: 5 }),
        fc.boolean(),
      )
      .map(([entries, isSorted]) => Object.fromEntries(isSorted ? sorted(entries) : entries)),
  ),
}));

const sorted = (entries: readonly [string, unknown][]) =>
  [...entries].sort(([one], [other]) => Number(one > other) - Number(one < other));

it('writes what the library writes, whether or not the keys stand in order', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(value as JsonValue)).toBe(canonicalize(value));
    }),
    { seed, numRuns: 2_000 },
  );
});
