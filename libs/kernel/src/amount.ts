/** What a budget counts. `usd` is held in nano-USD (10^-9), the others in ones. */
export type Unit = 'usd' | 'tokens' | 'calls';

/** The largest amount one action may carry, in nano-USD: a million dollars. */
export const NANOS_MAX = 10n ** 15n;

const DECIMALS = { usd: 9, tokens: 0, calls: 0 } as const satisfies Record<Unit, number>;

/** Why a text is not an amount. Codes are permanent. */
export const amountCodes = {
  'amount.malformed': 'An amount is not a plain decimal text: digits, at most one point, no sign, no exponent.',
  'amount.too_precise': 'An amount has more digits after its point than its unit has.',
  'amount.too_large': 'An amount is more than one action may carry: over a million dollars.',
} as const;

/** The code goes to the caller. */
export class AmountError extends Error {
  override readonly name = 'AmountError';

  constructor(
    readonly code: keyof typeof amountCodes,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a plain decimal: digits, at most one point, no sign, no exponent. Never goes through a float.
 *
 * @throws {AmountError} for anything else, more decimals than the unit has, or more than `NANOS_MAX`.
 */
export function parseAmount(unit: Unit, text: string): bigint {
  const match = /^(\d{1,25})(?:\.(\d{1,25}))?$/.exec(text);
  if (!match) throw new AmountError('amount.malformed', 'must be a plain decimal such as "0.42": no sign, no exponent');
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > DECIMALS[unit])
    throw new AmountError('amount.too_precise', `has more than ${DECIMALS[unit]} digits after the point`);

  const amount = BigInt(whole + fraction.padEnd(DECIMALS[unit], '0'));
  if (amount > NANOS_MAX) throw new AmountError('amount.too_large', `is over ${formatAmount(unit, NANOS_MAX)}`);
  return amount;
}

/** Reads back what `formatAmount` wrote of a sum: it may be more than one amount may be. */
export function parseSum(unit: Unit, text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS[unit], '0'));
}

/** The shortest plain decimal: 420000000n usd is `0.42`. Negative amounts keep their sign. */
export function formatAmount(unit: Unit, amount: bigint): string {
  const decimals = DECIMALS[unit];
  if (decimals === 0) return amount.toString();

  if (amount < 0n) return `-${formatAmount(unit, -amount)}`;

  const digits = amount.toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  let end = digits.length;
  // By hand: this runs a dozen times for every decision, and a regular expression takes five times as long.
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`;
}

const ZERO = 48;
