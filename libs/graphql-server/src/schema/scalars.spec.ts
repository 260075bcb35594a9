import type { Instant } from '@countersign/kernel';
import { parseValue as literal, type GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DateTime, Decimal, Json, Position } from './scalars.ts';

const isRefused = (read: () => unknown) => {
  try {
    read();
    return false;
  } catch {
    return true;
  }
};
/** As a variable, and as it stands in a query. */
const readBoth = (scalar: GraphQLScalarType, value: unknown) => [
  scalar.parseValue(value),
  scalar.parseLiteral(literal(JSON.stringify(value))),
];

describe('I11: Decimal', () => {
  it.each(['0.42', '0', '-1.5', '1000000.000000001'])('takes %s as it is', (text) => {
    expect(readBoth(Decimal, text)).toEqual([text, text]);
    expect(Decimal.serialize(text)).toBe(text);
  });

  it.each([0.42, 1, '1e3', '.5', '5.', '', 'NaN', ' 1', null, true])('refuses %j', (value) => {
    expect(isRefused(() => Decimal.parseValue(value))).toBe(true);
    expect(isRefused(() => Decimal.serialize(value))).toBe(true);
    expect(isRefused(() => Decimal.parseLiteral(literal(JSON.stringify(value))))).toBe(true);
  });
});

describe('DateTime', () => {
  const at = 1_795_252_200_000 as Instant;

  it('is milliseconds inside and UTC outside, from whatever offset', () => {
    expect(DateTime.serialize(at)).toBe('2026-11-21T09:10:00.000Z');
    expect(readBoth(DateTime, '2026-11-21T10:10:00+01:00')).toEqual([at, at]);
  });

  it.each(['2026-11-21', '2026-11-21T09:10:00', 'yesterday', 1_795_252_200_000, null])('refuses %j', (value) =>
    expect(isRefused(() => DateTime.parseValue(value))).toBe(true),
  );
});

describe('Position', () => {
  it('is larger than an Int may be', () => {
    expect(readBoth(Position, 9_007_199_254_740_991)).toEqual([9_007_199_254_740_991, 9_007_199_254_740_991]);
    expect(Position.serialize(4_294_967_296)).toBe(4_294_967_296);
  });

  it.each([-1, 1.5, '7', null, 9_007_199_254_740_992])('refuses %j', (value) => {
    expect(isRefused(() => Position.parseValue(value))).toBe(true);
    expect(isRefused(() => Position.parseLiteral(literal(JSON.stringify(value))))).toBe(true);
  });
});

it('JSON is whatever it is', () => {
  const value = { __typename: [1, 'two', null, { deep: true }] };
  expect(Json.parseValue(value)).toBe(value);
  expect(Json.parseLiteral(literal('{ a: [1, "two", null] }'))).toEqual({ a: [1, 'two', null] });
});
