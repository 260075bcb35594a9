import { instant, unreachable, type Instant } from '@countersign/kernel';
import { localWindowOf } from './time-zone.ts';
import { contains, type Window, type WindowKind } from './window.ts';

/** The zones an organization has had, by when each was set. Empty means UTC for ever. */
export type ZoneHistory = readonly { readonly zone: string; readonly from: Instant }[];

/** Answers which window holds an instant, for one organization. */
export interface Calendar {
  /** Pure in what it answers; it remembers the last window of each kind, because nearly every question repeats it. */
  windowOf(kind: WindowKind, at: Instant): Window;
}

/** The instants from which windows are cut in `zone`, until the next stretch starts. */
interface Stretch {
  readonly start: Instant;
  readonly zone: string;
}

const EPOCH = instant(0);
const TOTAL: Window = { start: EPOCH, end: null };
const SPANS = { minute: 60_000, hour: 3_600_000 } as const;

/**
 * Builds the calendar of one organization from its zone changes, in any order.
 *
 * A change takes effect when the window that holds it ends; the next window starts there and ends where the new zone's
 * day or month ends, so it may be short. Of several changes inside one window the last one counts. The first row holds
 * from the beginning of time.
 */
export function createCalendar(history: ZoneHistory = []): Calendar {
  const changes = [...history].sort((one, other) => one.from - other.from);
  const stretches = { day: stretchesOf('day', changes), month: stretchesOf('month', changes) };
  const latest: Partial<Record<WindowKind, Window>> = {};

  return {
    windowOf(kind, at) {
      const known = latest[kind];
      if (known !== undefined && contains(known, at)) return known;
      return (latest[kind] = compute(kind, stretches, at));
    },
  };
}

function compute(kind: WindowKind, stretches: Record<'day' | 'month', readonly Stretch[]>, at: Instant): Window {
  switch (kind) {
    case 'minute':
    case 'hour':
      return fixedWindow(SPANS[kind], at);
    case 'day':
    case 'month':
      return cutWindow(kind, stretches[kind], at);
    case 'total':
      return TOTAL;
    default:
      return unreachable(kind);
  }
}

function fixedWindow(span: number, at: Instant): Window {
  const start = at - (at % span);
  return { start: instant(start), end: instant(start + span) };
}

/** A stretch starts where a window of the one before ends, so only starts need cutting. */
function cutWindow(kind: 'day' | 'month', stretches: readonly Stretch[], at: Instant): Window {
  const stretch = stretches.findLast(({ start }) => start <= at) ?? { start: EPOCH, zone: 'UTC' };
  const natural = localWindowOf(kind, stretch.zone, at);
  return { start: instant(Math.max(natural.start, stretch.start)), end: natural.end };
}

function stretchesOf(kind: 'day' | 'month', changes: ZoneHistory): readonly Stretch[] {
  const stretches: Stretch[] = [{ start: EPOCH, zone: changes[0]?.zone ?? 'UTC' }];
  for (const { zone, from } of changes.slice(1)) {
    const latest = stretches.at(-1);
    // Set again before the last change took effect: that one never does.
    if (latest !== undefined && from < latest.start) stretches.splice(-1, 1, { start: latest.start, zone });
    else stretches.push({ start: cutWindow(kind, stretches, from).end ?? from, zone });
  }
  return stretches;
}
