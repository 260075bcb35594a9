import { describe, expect, it } from 'vitest';
import { depthOf, type JsonValue } from './json-value.ts';
import { readJson } from './read-json.ts';

const valueOf = (text: string): JsonValue => {
  const read = readJson(text);
  if (!read.ok) throw new Error(`${read.problem.code} ${read.problem.path}: ${read.problem.message}`);
  return read.value;
};

const problemOf = (text: string, limits = {}) => {
  const read = readJson(text, limits);
  if (read.ok) throw new Error(`accepted ${text}`);
  return read.problem;
};

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('readJson accepts what every reader reads alike', () => {
  it.each([
    ' {"args" : {"amount": 120.5, "to": ["ada", null, true, false, ""]}}\r\n\t',
    '"treasury"',
    'null',
    '[]',
    '{}',
    '{"a":{"b":1},"b":{"a":1}}',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"',
    '"😀 é 漢 \\u2028"',
    '{"\\u00e9":1,"e":2,":":3,"{\\"":4}',
  ])('%s', (text) => expect(valueOf(text)).toEqual(JSON.parse(text)));

  it.each(['1.0', '1e2', '1E+2', '-1.50', '0.1', '9007199254740992', '9007199254740994', '1e308', '5e-324'])(
    'the number %s, which a double gives back',
    (text) => expect(valueOf(text)).toBe(Number(text)),
  );

  it.each([
    '0.30000000000000004',
    '1.7976931348623157e308',
    '123456789012345680000',
    '0e999999999999',
    '0.000',
    '1e21',
  ])('the long or odd number %s, which a double gives back', (text) => expect(valueOf(text)).toBe(Number(text)));

  it('-0 as 0, because the record will say 0 and a condition may divide by it', () => {
    expect(Object.is(valueOf('-0'), 0)).toBe(true);
    expect(valueOf('{"items":[-0.0,-1,{"x":-0e5}]}')).toStrictEqual({ items: [0, -1, { x: 0 }] });
  });

  it('exactly the nesting allowed', () => {
    expect(depthOf(valueOf(nested(64)))).toBe(64);
    expect(depthOf({ to: [{ ada: 1 }], cc: 'grace' })).toBe(3);
  });
});

describe('`__proto__` is a plain key', () => {
  it.each(['{"__proto__":{"admin":true}}', '{"__proto__":{"admin":-0}}', '{"\\u005f_proto__":{"admin":true}}'])(
    '%s',
    (text) => {
      const value = valueOf(text) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(value['admin']).toBeUndefined();
    },
  );

  it('and is refused when it comes twice', () =>
    expect(problemOf('{"__proto__":1,"__proto__":2}').code).toBe('json.duplicate_key'));
});

describe('readJson refuses by code, path and offset', () => {
  it.each([
    ['{"amount":1,"amount":1000}', 'json.duplicate_key', 'amount', 12],
    ['{"args":{"to":"ada","t\\u006f":"eve"}}', 'json.duplicate_key', 'args.to', 20],
    ['{"items":[{},{"two words":1,"two words":1}]}', 'json.duplicate_key', 'items[1]["two words"]', 28],
    ['{"args":{"items":[0,1,2,{"price":9007199254740993}]}}', 'json.number', 'args.items[3].price', 33],
    ['[1e400]', 'json.number', '[0]', 1],
    ['[-1e400]', 'json.number', '[0]', 1],
    ['0.1e-400', 'json.number', '', 0],
    ['4.9e-324', 'json.number', '', 0],
    ['0.10000000000000000555', 'json.number', '', 0],
    ['123456789012345678', 'json.number', '', 0],
    ['{"a":NaN}', 'json.number', 'a', 5],
    ['{"a":-Infinity}', 'json.number', 'a', 5],
    ['{"to":"\\ud83d"}', 'json.surrogate', 'to', 6],
    ['{"to":"\\ude00\\ud83d"}', 'json.surrogate', 'to', 6],
    ['{"to":"\ud83d"}', 'json.surrogate', 'to', 6],
    ['{"to":"\ud83d\\ude00"}', 'json.surrogate', 'to', 6],
    ['{"\\udc00":1}', 'json.surrogate', '', 1],
    ['["ada\\u0000"]', 'json.nul', '[0]', 1],
    ['{"a":{"\\u0000":1}}', 'json.nul', 'a', 6],
    [nested(65), 'json.depth', '[0]'.repeat(64), 64],
    ['', 'json.syntax', '', 0],
    ['\ufeff{}', 'json.syntax', '', 0],
    ['{} {}', 'json.syntax', '', 3],
    ['{"a":1,}', 'json.syntax', '', 7],
    ['[1,]', 'json.syntax', '[1]', 3],
    ["{'a':1}", 'json.syntax', '', 1],
    ['{"a" 1}', 'json.syntax', '', 5],
    ['{"a":True}', 'json.syntax', 'a', 5],
    ['{"a":01}', 'json.syntax', '', 6],
    ['{"a":.5}', 'json.syntax', 'a', 5],
    ['{"a":--5}', 'json.syntax', 'a', 5],
    ['{"a":"b', 'json.syntax', 'a', 7],
    ['{"a":"b\nc"}', 'json.syntax', 'a', 7],
    ['{"a":"\u0000"}', 'json.syntax', 'a', 6],
    ['{"a":"\\x41"}', 'json.syntax', 'a', 6],
    ['{"a":"\\', 'json.syntax', 'a', 6],
    ['[1}', 'json.syntax', '', 2],
    ['// note\n1', 'json.syntax', '', 0],
    ['1\u00a0', 'json.syntax', '', 1],
  ])('%j is %s at `%s`', (text, code, path, offset) =>
    expect(problemOf(text)).toMatchObject({ code, path, offset, message: expect.stringMatching(/^\S.*\S$/) }),
  );

  it('says what is wrong and what would be right', () => {
    expect(problemOf('{"id":9007199254740993}').message).toBe(
      'is 9007199254740993, which as a double would become 9007199254740992; send fewer digits, or a string',
    );
    expect(problemOf('{"a":1 "b":2}').message).toBe('has `"` where `,` or `}` belongs');
    expect(problemOf('{"a":"\t"}').message).toBe(
      'has U+0009 inside a string; close the string or escape the character',
    );
  });

  it('clips what it repeats, however long the key or the number', () => {
    const problem = problemOf(`{"${'k'.repeat(5_000)}":${'9'.repeat(5_000)}}`);
    expect(problem).toMatchObject({ code: 'json.number' });
    expect(problem.path.length).toBeLessThanOrEqual(200);
    expect(problem.message.length).toBeLessThanOrEqual(200);
  });

  it('counts bytes, not characters, against bytesMax', () => {
    expect(problemOf('"😀é"', { bytesMax: 7 })).toMatchObject({
      code: 'json.size',
      message: 'is 8 bytes long; send at most 7',
    });
    expect(readJson('"😀é"', { bytesMax: 8 }).ok).toBe(true);
  });

  it('takes a depth of the caller', () => {
    expect(problemOf('{"a":[1]}', { depthMax: 1 })).toMatchObject({ code: 'json.depth', path: 'a' });
    expect(readJson('{"a":[1]}', { depthMax: 2 }).ok).toBe(true);
  });
});

describe('hostile texts cost linear time', () => {
  it.each([
    ['brackets', '['.repeat(1_000_000)],
    ['digits', '1'.repeat(1_000_000)],
    ['zeros', `1${'0'.repeat(500_000)}1${'0'.repeat(500_000)}`],
    ['zeros after the point', `0.${'0'.repeat(1_000_000)}`],
    ['backslashes', `"${'\\'.repeat(1_000_000)}`],
    ['keys', `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":0`).join()},"k0":0}`],
    ['quotes', '"'.repeat(1_000_000)],
  ])('a megabyte of %s', (_, text) => {
    const start = performance.now();
    readJson(text);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
