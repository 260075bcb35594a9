import { parseAmount, type Unit } from '@countersign/kernel';

/** Reads a sum as it was written. Sums may exceed what one action may carry, so the whole and the rest are read apart. */
export function sumOf(unit: Unit, text: string): bigint {
  const [whole = '0', fraction = '0'] = text.split('.');
  if (unit !== 'usd') return BigInt(whole);
  return BigInt(whole) * 1_000_000_000n + parseAmount('usd', `0.${fraction}`);
}
