import { describe, expect, it } from 'vitest';
import { formatPath, parsePathPattern } from './json-path.ts';

describe('paths', () => {
  it.each([
    [['args', 'items', 3, 'price'], 'args.items[3].price'],
    [[0, 'to'], '[0].to'],
    [['args', 'two words', 'line\nbreak', '__proto__'], 'args["two words"]["line\\nbreak"].__proto__'],
    [[], ''],
  ])('%j is written `%s`', (path, text) => {
    expect(formatPath(path)).toBe(text);
    if (text !== '') expect(parsePathPattern(text)).toEqual(path);
  });

  it.each([
    ['args.items[*].secret', ['args', 'items', null, 'secret']],
    ['args.*.secret', ['args', null, 'secret']],
    ['*', [null]],
    ['args["*"]', ['args', '*']],
  ])('%s is a pattern', (text, pattern) => expect(parsePathPattern(text)).toEqual(pattern));

  it.each([
    '',
    '.args',
    'args.',
    'args..card',
    'args[',
    'args[-1]',
    'args[1.5]',
    "args['card']",
    'args["\\x"]',
    'args card',
    'args[*]card',
    '$.args ',
    'args.0',
  ])('`%s` is no pattern', (text) => expect(parsePathPattern(text)).toBeUndefined());
});
