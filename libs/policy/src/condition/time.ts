import { parseDuration } from '../duration.ts';
import { fault } from './fault.ts';
import { Span, Timestamp } from './value.ts';

/** Fields of a wall clock, as CEL counts them: months from 0, days of the week from 0 for Sunday. */
export const clockFields = [
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getHours',
  'getMinutes',
  'getSeconds',
] as const;
export type ClockField = (typeof clockFields)[number];

const readers: Record<ClockField, (wall: Date) => number> = {
  getFullYear: (wall) => wall.getUTCFullYear(),
  getMonth: (wall) => wall.getUTCMonth(),
  getDate: (wall) => wall.getUTCDate(),
  getDayOfMonth: (wall) => wall.getUTCDate() - 1,
  getDayOfWeek: (wall) => wall.getUTCDay(),
  getHours: (wall) => wall.getUTCHours(),
  getMinutes: (wall) => wall.getUTCMinutes(),
  getSeconds: (wall) => wall.getUTCSeconds(),
};

/** One field of the wall clock in a time zone (IANA name; UTC when left out). */
export const readClock = (field: ClockField, { ms }: Timestamp, zone?: string): number =>
  readers[field](zone === undefined ? new Date(ms) : wallClock(ms, zone));

const formats = new Map<string, Intl.DateTimeFormat>();

/** A date whose UTC fields are the zone's wall clock. */
function wallClock(ms: number, zone: string): Date {
  const parts = formatFor(zone).formatToParts(ms);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return new Date(Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')));
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  if (!isZone(zone)) throw fault('names a time zone that does not exist');
  const digits = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...digits, timeZone: zone, hourCycle: 'h23' });
  formats.set(zone, format);
  return format;
}

export function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en-US', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** RFC 3339, with its offset: a local time would mean another instant on another machine. */
export function readTimestamp(text: string, source: string): Timestamp {
  const ms = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw fault(`\`${source}\` is not a time such as 2026-11-20T09:00:00Z`);
  return new Timestamp(ms);
}

export function readSpan(text: string, source: string): Span {
  const ms = parseDuration(text);
  if (ms === null) throw fault(`\`${source}\` is not a length of time such as 30m`);
  return new Span(ms);
}
