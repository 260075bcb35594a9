import { AmountError, parseAmount } from '@countersign/kernel';
import { fault } from './fault.ts';

const NANOS_PER_USD = 1_000_000_000;

/**
 * Nano-USD from a decimal text or from a number, which is read by its shortest decimal text: 0.1 is 100000000 exactly.
 *
 * @throws {ConditionFault} when the value is not an amount of at most nine decimals and a million dollars.
 */
export function nanosOf(value: string | number, source: string): bigint {
  const text = String(value);
  const isNegative = typeof value === 'number' && value < 0;
  try {
    const nanos = parseAmount('usd', isNegative ? text.slice(1) : text);
    return isNegative ? -nanos : nanos;
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    throw fault(`\`${source}\` is not an amount of money: it ${error.message}`);
  }
}

/**
 * Adds decimals of up to nine places without the errors of binary fractions (0.1 and 0.2 make 0.3), so that a list
 * that adds up to exactly a limit does not exceed it. Other numbers are added as they are.
 */
export function sumNumbers(numbers: readonly number[]): number {
  let nanos = 0;
  for (const number of numbers) {
    const scaled = Math.round(number * NANOS_PER_USD);
    nanos += scaled;
    if (scaled / NANOS_PER_USD !== number || !Number.isSafeInteger(scaled) || !Number.isSafeInteger(nanos))
      return numbers.reduce((sum, each) => sum + each, 0);
  }
  return nanos / NANOS_PER_USD;
}
