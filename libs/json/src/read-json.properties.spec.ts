import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { canonicalJson } from './canonical-json.ts';
import { readJson } from './read-json.ts';

const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`read-json properties: seed ${seed}`);
const run = { seed, numRuns: 2_000 };

const keys = fc.oneof(
  fc.constantFrom('amount', '__proto__', 'constructor', '', '0'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.double(), fc.integer(), fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

/** Texts near JSON: a valid text in any spacing and escaping, with a few pieces replaced by others. */
const piece = fc.constantFrom(
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '-',
    '0',
    '1e5',
    '.',
    '\\u',
    '\\ud83d',
    '\\u0000',
    '\ud83d',
    '\u0000',
    ' ',
    'a',
  ],
  ...[
    'true',
    'NaN',
    '-0',
    '"a":1,',
    '"\\u0061":2,',
    '9007199254740993',
    '1e400',
    '"__proto__":1,',
    '\ufeff',
    '\u2028',
    '😀',
  ],
);
const escaped = (text: string) =>
  text.replace(/[^\n\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const text = fc
  .tuple(json, fc.constantFrom(undefined, 1), fc.boolean())
  .map(([value, space, escape]) =>
    escape ? escaped(JSON.stringify(value, null, space)) : JSON.stringify(value, null, space),
  );
const mutated = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat(3), piece), { minLength: 1, maxLength: 3 }))
  .map(([original, edits]) =>
    edits.reduce((now, [place, removed, inserted]) => {
      const at = place % (now.length + 1);
      return now.slice(0, at) + inserted + now.slice(at + removed);
    }, original),
  );

const withoutNegativeZero = (_: string, value: unknown) => (value === 0 ? 0 : value);

describe('readJson, whatever the text', () => {
  it('reads what JSON.parse reads, key order and `__proto__` included', () => {
    fc.assert(
      fc.property(fc.oneof(text, mutated), (written) => {
        const read = readJson(written);
        if (!read.ok) return;
        const native: unknown = JSON.parse(written, withoutNegativeZero);
        expect(isDeepStrictEqual(read.value, native)).toBe(true);
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(native));
      }),
      run,
    );
  });

  it('accepts what JSON.stringify wrote, unless it holds half a pair or U+0000', () => {
    fc.assert(
      fc.property(text, (written) => {
        const read = readJson(written);
        if (!read.ok) expect(['json.surrogate', 'json.nul']).toContain(read.problem.code);
      }),
      run,
    );
  });

  it('names a problem whenever it refuses: the fast reader and the one that explains agree', () => {
    let refused = 0;
    fc.assert(
      fc.property(mutated, (written) => {
        const read = readJson(written);
        const diagnosed = diagnose(written, 64);
        expect(diagnosed.message === 'is not JSON that every reader reads alike').toBe(read.ok);
        if (read.ok) return;
        refused += 1;
        expect(read.problem).toEqual(diagnosed);
        expect(read.problem.offset).toBeLessThanOrEqual(written.length);
      }),
      run,
    );
    expect(refused).toBeGreaterThan(run.numRuns / 4);
  });

  it('never throws on any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        readJson(written);
      }),
      run,
    );
  });

  it('gives back the same value from the canonical text of what it read', () => {
    fc.assert(
      fc.property(text, (written) => {
        const read = readJson(written);
        if (!read.ok) return;
        const canonical = canonicalJson(read.value);
        const again = readJson(canonical);
        expect(again).toEqual(read);
        expect(again.ok && canonicalJson(again.value)).toBe(canonical);
      }),
      run,
    );
  });
});
