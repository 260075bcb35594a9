import { instant, type Instant } from '@countersign/kernel';
import { Temporal } from 'temporal-polyfill';
import type { Window } from './window.ts';

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
  const known = knownZone(zone);
  const step = kind === 'day' ? { days: 1 } : { months: 1 };
  const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(known).toPlainDate();

  let first = kind === 'day' ? shown : shown.with({ day: 1 });
  let end = startOf(first.add(step), known);
  while (end <= at) {
    first = first.add(step);
    end = startOf(first.add(step), known);
  }
  return { start: startOf(first, known), end };
}

/** Before 1970 there are no instants, so the first window of a zone east of Greenwich is cut there. */
function startOf(date: Temporal.PlainDate, zone: string): Instant {
  return instant(Math.max(0, date.toZonedDateTime(zone).epochMilliseconds));
}

/**
 * A ledger may name a zone that only the engine knows, such as `PST`: nobody can set one today, and what was set before
 * must not keep decisions from being made for ever. It is what the engine takes it for.
 */
function knownZone(name: string): string {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return name;
  } catch {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  }
}
