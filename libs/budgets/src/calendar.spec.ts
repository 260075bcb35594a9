import { instant, toIso } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { at } from './budget.mother.ts';
import { createCalendar, type ZoneHistory } from './calendar.ts';
import type { WindowKind } from './window.ts';

const always = (zone: string): ZoneHistory => [{ zone, from: instant(0) }];

function windowText(kind: WindowKind, history: ZoneHistory, time: string): string {
  const { start, end } = createCalendar(history).windowOf(kind, at(time));
  return `${toIso(start)} ${end === null ? 'never' : toIso(end)}`.replaceAll(':00.000Z', 'Z');
}

describe('a window holds its start and not its end', () => {
  it.each([
    ['minute', '2026-11-20T12:34:56.789Z', '2026-11-20T12:34Z 2026-11-20T12:35Z'],
    ['minute', '2026-11-20T12:35:00.000Z', '2026-11-20T12:35Z 2026-11-20T12:36Z'],
    ['hour', '2026-11-20T12:59:59.999Z', '2026-11-20T12:00Z 2026-11-20T13:00Z'],
    ['day', '2026-11-20T00:00:00.000Z', '2026-11-20T00:00Z 2026-11-21T00:00Z'],
    ['day', '2026-11-20T23:59:59.999Z', '2026-11-20T00:00Z 2026-11-21T00:00Z'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-02-01T00:00Z 2028-03-01T00:00Z'],
    ['total', '2026-11-20T12:00:00.000Z', '1970-01-01T00:00Z never'],
  ] as const)('%s at %s is %s', (kind, time, expected) => expect(windowText(kind, [], time)).toBe(expected));
});

describe('hours and minutes are UTC in every zone', () => {
  // Kathmandu is at +05:45: a local hour would start at a quarter past.
  it('does not shift an hour', () =>
    expect(windowText('hour', always('Asia/Kathmandu'), '2026-11-20T12:10:00Z')).toBe(
      '2026-11-20T12:00Z 2026-11-20T13:00Z',
    ));
});

describe('a day starts at the first existing instant of its local date', () => {
  it.each([
    ['a 25-hour day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00Z 2026-10-25T23:00Z'],
    ['a 23-hour day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00Z 2026-03-29T22:00Z'],
    ['a skipped midnight', 'America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04T03:00Z 2018-11-05T02:00Z'],
    ['a skipped midnight', 'Asia/Beirut', '2022-03-27T12:00:00Z', '2022-03-26T22:00Z 2022-03-27T21:00Z'],
    ['the day before a skipped date', 'Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29T10:00Z 2011-12-30T10:00Z'],
    ['the day after a skipped date', 'Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-30T10:00Z 2011-12-31T10:00Z'],
    ['a repeated midnight', 'America/Havana', '2026-11-01T12:00:00Z', '2026-11-01T04:00Z 2026-11-02T05:00Z'],
    // At 00:01 the clock went back to 23:01 of the 28th; the 29th had begun and goes on.
    [
      'a clock turned back over midnight',
      'America/St_Johns',
      '2006-10-29T02:45:00Z',
      '2006-10-29T02:30Z 2006-10-30T03:30Z',
    ],
    ['the day before that', 'America/St_Johns', '2006-10-29T02:29:59Z', '2006-10-28T02:30Z 2006-10-29T02:30Z'],
  ])('%s in %s', (_case, zone, time, expected) => expect(windowText('day', always(zone), time)).toBe(expected));

  it('starts a month whose first midnight was skipped one hour later', () =>
    expect(windowText('month', always('Asia/Amman'), '2022-04-10T00:00:00Z')).toBe(
      '2022-03-31T21:00Z 2022-04-30T21:00Z',
    ));

  it('starts a year whose last date was skipped', () =>
    expect(windowText('month', always('Pacific/Kiritimati'), '1995-01-15T00:00:00Z')).toBe(
      '1994-12-31T10:00Z 1995-01-31T10:00Z',
    ));
});

describe('a zone change applies when the current window ends', () => {
  const moved: ZoneHistory = [...always('UTC'), { zone: 'America/New_York', from: at('2026-11-20T12:00:00Z') }];

  it.each([
    ['the day of the change ends as it began', 'day', '2026-11-20T23:59:59Z', '2026-11-20T00:00Z 2026-11-21T00:00Z'],
    ['the next is short', 'day', '2026-11-21T00:00:00Z', '2026-11-21T00:00Z 2026-11-21T05:00Z'],
    ['then days are New York days', 'day', '2026-11-21T05:00:00Z', '2026-11-21T05:00Z 2026-11-22T05:00Z'],
    ['days before it were not changed', 'day', '2026-11-19T01:00:00Z', '2026-11-19T00:00Z 2026-11-20T00:00Z'],
    ['the month runs to its end', 'month', '2026-11-30T23:59:59Z', '2026-11-01T00:00Z 2026-12-01T00:00Z'],
    ['the next month is hours long', 'month', '2026-12-01T04:59:59Z', '2026-12-01T00:00Z 2026-12-01T05:00Z'],
  ] as const)('%s', (_case, kind, time, expected) => expect(windowText(kind, moved, time)).toBe(expected));

  it('counts only the last of several changes inside one window', () => {
    const twice: ZoneHistory = [...moved, { zone: 'Asia/Tokyo', from: at('2026-11-20T13:00:00Z') }];
    expect(windowText('day', twice, '2026-11-21T00:00:00Z')).toBe('2026-11-21T00:00Z 2026-11-21T15:00Z');
  });

  it('lets a window that starts at the very instant of the change run its course', () => {
    const atMidnight: ZoneHistory = [...always('UTC'), { zone: 'Asia/Tokyo', from: at('2026-11-20T00:00:00Z') }];
    expect(windowText('day', atMidnight, '2026-11-20T00:00:00Z')).toBe('2026-11-20T00:00Z 2026-11-21T00:00Z');
  });

  it('takes a change at the instant the last one took effect for a new one, after a window of the last', () => {
    const again: ZoneHistory = [...moved, { zone: 'Asia/Tokyo', from: at('2026-11-21T00:00:00Z') }];
    expect(windowText('day', again, '2026-11-21T00:00:00Z')).toBe('2026-11-21T00:00Z 2026-11-21T05:00Z');
    expect(windowText('day', again, '2026-11-21T05:00:00Z')).toBe('2026-11-21T05:00Z 2026-11-21T15:00Z');
  });

  it('takes the changes in any order', () => {
    const twice: ZoneHistory = [...moved, { zone: 'Asia/Tokyo', from: at('2026-12-24T13:00:00Z') }];
    expect(windowText('day', [...twice].reverse(), '2026-11-21T05:00:00Z')).toBe(
      windowText('day', twice, '2026-11-21T05:00:00Z'),
    );
  });

  it('answers the same whatever was asked before', () => {
    const calendar = createCalendar(moved);
    const times = ['2026-11-21T06:00:00Z', '2026-11-20T23:00:00Z', '2026-11-21T01:00:00Z'].map(at);
    const answers = times.map((time) => calendar.windowOf('day', time));
    expect(answers).toEqual(times.map((time) => createCalendar(moved).windowOf('day', time)));
  });
});

describe('a zone that only the engine knows', () => {
  // Nobody can set one, but a ledger may hold it from a time when they could.
  it('is what the engine takes it for, before and after it is changed', () => {
    expect(windowText('day', always('PST'), '2026-11-20T12:00:00Z')).toBe('2026-11-20T08:00Z 2026-11-21T08:00Z');
    const repaired: ZoneHistory = [...always('PST'), { zone: 'UTC', from: at('2026-11-20T12:00:00Z') }];
    expect(windowText('day', repaired, '2026-11-22T12:00:00Z')).toBe('2026-11-22T00:00Z 2026-11-23T00:00Z');
  });
});
