/** A decimal of at most 15 digits without an exponent always survives; longer tokens are compared digit by digit. */
const SAFE_CHARACTERS = 15;

/** No double prints more, so a token with more significant digits cannot be what the double prints. */
const DIGITS_MAX = 17;

/**
 * True when the shortest text of the double nearest to `token` denotes the same decimal value:
 * `1.0` and `1e2` survive, `9007199254740993`, `1e400` and `1e-400` do not. Linear in the token.
 */
export function survivesRoundTrip(token: string): boolean {
  if (token.length <= SAFE_CHARACTERS && !/[eE]/.test(token)) return true;

  const nearest = Number(token);
  return Number.isFinite(nearest) && decimalOf(token) === decimalOf(String(nearest));
}

/** Significant digits and the power of ten of the last of them: `12.50` and `125e-1` are both `125e-1`. */
function decimalOf(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole.replace('-', '') + fraction;
  const [first, last] = significantSpan(digits);
  if (last - first > DIGITS_MAX) return 'longer than any double';
  if (first === last) return '0';

  const sign = mantissa.startsWith('-') ? '-' : '';
  const power = Number(exponent) - fraction.length + (digits.length - last);
  return `${sign}${digits.slice(first, last)}e${power}`;
}

/** Loops instead of `/0+$/`, which takes quadratic time on a long row of zeros. */
function significantSpan(digits: string): readonly [first: number, last: number] {
  let first = 0;
  let last = digits.length;
  while (first < last && digits[first] === '0') first += 1;
  while (last > first && digits[last - 1] === '0') last -= 1;
  return [first, last];
}
