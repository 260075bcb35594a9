const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits between attempts, as the Standard Webhooks suggest: a deployment is waited out, and so is a weekend's night. */
const WAITS = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
] as const;

/** A first attempt and one after each wait; then it is given up. */
export const ATTEMPTS_MAX = WAITS.length + 1;

/** Receivers that came back must not be met by everything at once. */
const JITTER = 0.2;

/**
 * How long to wait after so many attempts; null when there is none left.
 *
 * @param chance in [0, 1)
 */
export function waitAfter(attempts: number, chance: number): number | null {
  const wait = WAITS[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (1 - JITTER + 2 * JITTER * chance));
}
