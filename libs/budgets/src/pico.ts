/** Pico-USD (10^-12) in a nano-USD. Prices per token are whole pico-USD: $1 per million tokens is 1,000,000 of them. */
const PICOS_PER_NANO = 1_000n;

/**
 * Reads a price per million tokens into pico-USD per token, from its decimal text and without a float (I11).
 * Beyond six decimals it rounds up: a price may be overstated by a pico-USD, never understated.
 *
 * @returns null for anything but a plain decimal.
 */
export function picosPerToken(perMillion: string): bigint | null {
  const match = /^(\d{1,12})(?:\.(\d{1,30}))?$/.exec(perMillion);
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  const picos = BigInt(whole + fraction.slice(0, 6).padEnd(6, '0'));
  return /[1-9]/.test(fraction.slice(6)) ? picos + 1n : picos;
}

/**
 * The shortest decimal text that denotes a JavaScript number, without an exponent: what its author typed, when the
 * number was read from text.
 */
export function decimalText(value: number): string {
  const [, digits = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const shift = Number(exponent);
  if (shift === 0) return String(value);
  if (shift < 0) return `0.${'0'.repeat(-shift - digits.length)}${digits}${fraction}`;
  return `${digits}${fraction}`.padEnd(shift + digits.length, '0');
}

/** Rounds a total up to whole nano-USD, so that a sum of holds never understates. */
export function nanosOf(picos: bigint): bigint {
  return (picos + PICOS_PER_NANO - 1n) / PICOS_PER_NANO;
}
