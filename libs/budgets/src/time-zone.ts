import { instant, type Instant } from '@countersign/kernel';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Window } from './window.ts';

/** An IANA name such as `Europe/Berlin`. Fixed offsets are refused, because they cannot follow daylight saving. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as "Europe/Berlin" or "UTC"');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The local day or month that holds an instant.
 *
 * It starts at the first existing instant of its first local date, even where the clock skips midnight or the whole date.
 * A clock turned back across midnight (America/St_Johns, 00:01 to 23:01) shows yesterday's date again: those minutes
 * stay in the day that had begun, so that windows never overlap and never go back.
 *
 * What a zone's clock showed comes from the time-zone data of the JavaScript engine.
 */
export function localWindowOf(kind: 'day' | 'month', zone: string, at: Instant): Window {
  const step = kind === 'day' ? { days: 1 } : { months: 1 };
  const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();

  let first = kind === 'day' ? shown : shown.with({ day: 1 });
  let end = startOf(first.add(step), zone);
  while (end <= at) {
    first = first.add(step);
    end = startOf(first.add(step), zone);
  }
  return { start: startOf(first, zone), end };
}

/** Before 1970 there are no instants, so the first window of a zone east of Greenwich is cut there. */
function startOf(date: Temporal.PlainDate, zone: string): Instant {
  return instant(Math.max(0, date.toZonedDateTime(zone).epochMilliseconds));
}
