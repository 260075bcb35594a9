import { describe, expect, it } from 'vitest';
import { AmountError, formatAmount, NANOS_MAX, parseAmount } from './amount.ts';

const codeOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    return error instanceof AmountError ? error.code : error;
  }
  return 'accepted';
};

describe('I11: money is integer nano-USD, read from decimal text and never through a float', () => {
  it.each([
    ['0.000000001', 1n],
    ['0.1', 100_000_000n],
    ['999999.999999999', 999_999_999_999_999n],
    ['1000000', NANOS_MAX],
    ['007', 7_000_000_000n],
  ])('reads %s', (text, nanos) => expect(parseAmount('usd', text)).toBe(nanos));

  it.each(['', '-1', '+1', '1e3', 'NaN', 'Infinity', '.5', '5.', ' 1', '1 ', '1,5', '0x1', '١'])(
    'refuses `%s`',
    (text) => expect(codeOf(() => parseAmount('usd', text))).toBe('amount.malformed'),
  );

  it('refuses a tenth digit after the point, and fractions of a token', () => {
    expect(codeOf(() => parseAmount('usd', '0.0000000001'))).toBe('amount.too_precise');
    expect(codeOf(() => parseAmount('tokens', '1.5'))).toBe('amount.too_precise');
  });

  it('refuses one nano more than a million dollars', () =>
    expect(codeOf(() => parseAmount('usd', '1000000.000000001'))).toBe('amount.too_large'));

  it.each([0n, 1n, 420_000_000n, 10n ** 9n, 123_456_789_012n, NANOS_MAX])('writes %s so that it reads back', (nanos) =>
    expect(parseAmount('usd', formatAmount('usd', nanos))).toBe(nanos),
  );

  it('writes an overdrawn remainder with its sign', () => expect(formatAmount('usd', -1_500_000_000n)).toBe('-1.5'));
});
