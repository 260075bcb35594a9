import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/**
 * A name of the IANA time zone database. Fixed offsets are refused, because they cannot follow daylight saving.
 *
 * What budgets' windows are cut with is asked, and not `Intl`, which knows more names: with one of those in the ledger,
 * such as `PST`, no window can be told any more, and nothing that has a budget be decided.
 */
export const TimeZone = z
  .string()
  .max(63)
  .refine(isTimeZone, 'must be an IANA time zone such as `Europe/Zurich` or `UTC`');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
