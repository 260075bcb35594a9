import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from './json-value.ts';
import { showHidden, showHiddenIn, showHiddenInText } from './show-hidden.ts';

describe('what a reader does not see', () => {
  it.each([
    ['a zero width space', 'pay\u200bpal', 'pay\\u{200b}pal'],
    ['a turn of the reading direction', 'gpj.\u202eexe', 'gpj.\\u{202e}exe'],
    ['an isolate', '\u2067abc\u2069', '\\u{2067}abc\\u{2069}'],
    ['a tag', 'ok\u{e0041}', 'ok\\u{e0041}'],
    ['a soft hyphen', 'in\u00advoice', 'in\\u{ad}voice'],
    ['a combining grapheme joiner', 'a\u034fb', 'a\\u{34f}b'],
    ['a Hangul filler', 'a\u3164b', 'a\\u{3164}b'],
    ['a variation selector', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['a space that is none', 'a\u00a0b\u3000c\u2800d', 'a\\u{a0}b\\u{3000}c\\u{2800}d'],
    ['an escape sequence', '\u001b[2J gone', '\\u{1b}[2J gone'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['what is private or unassigned', '\ue000\u{10ffff}', '\\u{e000}\\u{10ffff}'],
  ])('is shown: %s', (_, text, shown) => expect(showHidden(text)).toBe(shown));

  it.each(['order-1009', 'café, 東京, ß, ш, ש', 'a b', '100 € – "so" …', '\\n'])('is nothing in `%s`', (text) =>
    expect(showHidden(text)).toBe(text),
  );

  it('is line breaks and tabs too where there is one line only', () => {
    expect(showHidden('a\n\tb\r')).toBe('a\\u{a}\\u{9}b\\u{d}');
    expect(showHiddenInText('a\n\tb\r')).toBe('a\n\tb\\u{d}');
  });

  it('is told by its place in a value, keys included', () => {
    const value = { to: 'ada\u200b', items: [{ 'sku\u200b': 1 }, 'plain'], text: 'a\nb', n: 1, none: null };
    expect(showHiddenIn(value, ['args'])).toEqual({
      value: { to: 'ada\\u{200b}', items: [{ 'sku\\u{200b}': 1 }, 'plain'], text: 'a\nb', n: 1, none: null },
      paths: ['args.to', 'args.items[0]["sku\\\\u{200b}"]'],
    });
  });

  it('cannot be written by somebody who wants to be taken for it, or to cover another key', () => {
    expect(showHidden('\\u{200b}')).toBe('\\u{5c}u{200b}');
    const { value } = showHiddenIn({ 'amount\u200b': 9_000, 'amount\\u{200b}': 9 });
    expect(Object.values(value as object)).toEqual([9_000, 9]);
  });

  it('never makes two values one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\\', 'u', '{', '5', 'c', '}', '\u200b', '\n', '\u202e') });
    const value = fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(showHidden(one) === showHidden(other)).toBe(one === other);
      }),
    );
    fc.assert(
      fc.property(value, (one) => {
        const shown = showHiddenIn(one);
        expect(shown.paths.length === 0).toBe(JSON.stringify(shown.value) === JSON.stringify(one));
      }),
    );
  });
});
