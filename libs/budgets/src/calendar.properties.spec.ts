import { instant, type Instant } from '@countersign/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from './budget.mother.ts';
import { createCalendar, type Calendar } from './calendar.ts';
import { always } from './property.mother.ts';
import { contains, type WindowKind } from './window.ts';

/** Zones with daylight saving on either hemisphere, odd offsets, skipped dates, and transitions across midnight. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Lisbon',
  'Europe/Moscow',
  'Europe/Istanbul',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'America/Santiago',
  'America/Asuncion',
  'America/Caracas',
  'America/Los_Angeles',
  'America/Nuuk',
  'America/Scoresbysund',
  'America/Argentina/Buenos_Aires',
  'Asia/Beirut',
  'Asia/Amman',
  'Asia/Damascus',
  'Asia/Gaza',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Asia/Pyongyang',
  'Asia/Manila',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Kwajalein',
  'Pacific/Chatham',
  'Pacific/Auckland',
  'Atlantic/Azores',
  'Antarctica/Troll',
];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const last = at('2037-12-31T00:00:00Z');

/** The hours in which a zone's offset changes, by asking the engine day by day: an oracle that shares no code with ours. */
function transitionsOf(zone: string): readonly number[] {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (time: number) => format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value;
  const found: number[] = [];
  for (let time = 0, before = offset(0); time < last; time += 4 * DAY) {
    const after = offset(time + 4 * DAY);
    if (after === before) continue;
    for (let hour = time; hour < time + 4 * DAY; hour += HOUR)
      if (offset(hour) !== offset(hour + HOUR)) found.push(hour);
    before = after;
  }
  return found;
}

const nearTransitions = new Map(zones.map((zone) => [zone, transitionsOf(zone)]));

const instantNear = (zone: string) => {
  const transitions = nearTransitions.get(zone) ?? [];
  const near = fc
    .tuple(
      fc.constantFrom(...transitions, at('2000-01-01T00:00:00Z')),
      // Half of them within the hour in which the clock changes: a day that comes back lasts no longer.
      fc.oneof(fc.integer({ min: 0, max: HOUR }), fc.integer({ min: -2 * DAY, max: 2 * DAY })),
    )
    .map(([transition, away]) => instant(Math.max(0, transition + away)));
  return fc.oneof(
    { weight: 3, arbitrary: near },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: last }).map(instant) },
  );
};

// Some zones have few transitions, and the one that turns back over midnight is one in forty: it is drawn more often.
const zonedInstant = fc
  .oneof(fc.constantFrom(...zones), fc.constant('America/St_Johns'))
  .chain((zone) => fc.tuple(fc.constant(zone), instantNear(zone)));
const cut = fc.constantFrom<WindowKind>('day', 'month');

/** Every instant in exactly one window: asked at its first, its last and any instant, a window says the same of itself. */
function expectPartition(calendar: () => Calendar, kind: WindowKind, time: Instant) {
  const window = calendar().windowOf(kind, time);
  expect(contains(window, time)).toBe(true);
  expect(calendar().windowOf(kind, window.start)).toEqual(window);
  if (window.end === null) return;

  expect(calendar().windowOf(kind, instant(window.end - 1))).toEqual(window);
  expect(calendar().windowOf(kind, window.end).start).toBe(window.end);
  if (window.start > 0) expect(calendar().windowOf(kind, instant(window.start - 1)).end).toBe(window.start);
}

describe('windows partition time', () => {
  it('is tried on thousands of transitions', () =>
    expect([...nearTransitions.values()].flat().length).toBeGreaterThan(2_000));

  always(
    'I2: every instant is in exactly one window, and consecutive windows touch, around the transitions of 40 zones',
    fc.property(zonedInstant, cut, ([zone, time], kind) =>
      expectPartition(() => createCalendar([{ zone, from: instant(0) }]), kind, time),
    ),
    2_000,
  );

  const change = fc.record({ zone: fc.constantFrom(...zones), away: fc.integer({ min: 0, max: 5 * DAY }) });

  always(
    'I2: zone changes neither overlap windows nor leave a gap',
    fc.property(zonedInstant, cut, fc.array(change, { maxLength: 4 }), ([zone, time], kind, changes) => {
      const history = changes.map((row) => ({ zone: row.zone, from: instant(Math.max(0, time - row.away)) }));
      expectPartition(() => createCalendar([{ zone, from: instant(0) }, ...history]), kind, time);
    }),
  );

  always(
    'a zone change never moves a window that had begun before it',
    fc.property(zonedInstant, cut, fc.constantFrom(...zones), ([zone, time], kind, next) => {
      const before = [{ zone, from: instant(0) }];
      const after = [...before, { zone: next, from: time }];
      expect(createCalendar(after).windowOf(kind, time)).toEqual(createCalendar(before).windowOf(kind, time));
    }),
  );

  always(
    'a day outside transitions shows one local date, from its midnight',
    fc.property(zonedInstant, ([zone, time]) => {
      const transitions = nearTransitions.get(zone) ?? [];
      if (transitions.some((transition) => Math.abs(transition - time) < 3 * DAY)) return;
      const local = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      const { start, end } = createCalendar([{ zone, from: instant(0) }]).windowOf('day', time);
      if (start === 0 || end === null) return;
      expect(local.format(start)).toBe(`${local.format(time).slice(0, 10)} 00:00:00`);
      expect(local.format(end - 1)).toBe(`${local.format(time).slice(0, 10)} 23:59:59`);
    }),
  );
});
