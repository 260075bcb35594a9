import fc from 'fast-check';
import { instant, type Instant } from '@countersign/kernel';
import { describe, expect, it, vi } from 'vitest';
import { dueOf, escalatedAt, nextDueAt, statusAt } from './due.ts';
import { evolveApprovals } from './evolve.ts';
import { ada, at, opened, refund, rowOf, takenAs, treasuryAsked, withPermit } from './approval.mother.ts';
import { effectiveDeadline, runningMsBetween, stoppedMsBetween, whenHasRun, type StoppedTime } from './stop-clock.ts';

const escalating = { requirements: [{ ...treasuryAsked, escalate: { at: at('09:20'), team: 'legal' } }] };
const reminder = (share: 50 | 90) => ({ type: 'ApprovalReminded', data: { approvalId: refund, share } });
const escalated = { type: 'ApprovalEscalated', data: { approvalId: refund, team: 'treasury', to: 'legal' } };
const expired = (clock: string) => ({ type: 'ApprovalExpired', data: { approvalId: refund, expiredAt: at(clock) } });

describe('what is due', () => {
  const dueAt = (clock: string, stops: readonly StoppedTime[] = [], ask = {}) =>
    dueOf(rowOf(opened(ask)), stops, at(clock));

  it('is nothing before half of the time is over', () => expect(dueAt('09:59')).toEqual([]));

  it('is a reminder at half and at nine tenths of it; of two that were missed, the later', () => {
    expect(dueAt('10:00')).toEqual([reminder(50)]);
    expect(dueAt('10:47')).toEqual([reminder(50)]);
    expect(dueAt('10:48')).toEqual([reminder(90)]);
  });

  it('is an escalation at its time, which lets the other team decide too', () => {
    expect(dueAt('09:19', [], escalating)).toEqual([]);
    expect(dueAt('09:20', [], escalating)).toEqual([escalated]);
    const state = opened(escalating);
    for (const event of dueOf(rowOf(state), [], at('09:20'))) evolveApprovals(state, event);
    expect(rowOf(state).requirements).toMatchObject([
      { team: 'treasury', teams: ['treasury', 'legal'], escalate: null },
    ]);
  });

  it('counts for whoever looks, recorded or not, and only while it waits', () => {
    const teamsAt = (clock: string, stops: readonly StoppedTime[] = []) =>
      escalatedAt(rowOf(opened(escalating)), stops, at(clock)).requirements[0]?.teams;
    expect(teamsAt('09:19')).toEqual(['treasury']);
    expect(teamsAt('09:20')).toEqual(['treasury', 'legal']);
    expect(teamsAt('09:29', [{ from: at('09:10'), to: at('09:20') }])).toEqual(['treasury']);
    expect(escalatedAt(rowOf(withPermit()), [], at('23:00'))).toEqual(rowOf(withPermit()));
  });

  it('is its expiry and nothing else once its time is over', () => {
    expect(dueAt('11:00', [], escalating)).toEqual([expired('11:00')]);
    expect(dueAt('13:00', [], escalating)).toEqual([expired('11:00')]);
  });

  it('waits for as long as stops cover it', () => {
    const stops = [{ from: at('09:30'), to: at('10:30') }];
    expect(dueAt('10:59', stops)).toEqual([]);
    expect(dueAt('11:00', stops)).toEqual([reminder(50)]);
    expect(dueAt('11:59', stops)).toEqual([reminder(90)]);
    expect(dueAt('12:30', stops)).toEqual([expired('12:00')]);
    expect(dueAt('23:00', [{ from: at('10:59'), to: null }])).toEqual([reminder(90)]);
  });

  it('is expired for good, whatever is stopped afterwards', () => {
    expect(dueAt('12:00', [{ from: at('11:00'), to: null }])).toEqual([expired('11:00')]);
  });

  it('is the lapse of a permit that nobody took, whatever was stopped', () => {
    const approved = rowOf(withPermit());
    expect(dueOf(approved, [], at('10:29'))).toEqual([]);
    const lapse = { type: 'PermitLapsed', data: { approvalId: refund, why: 'time', lapsedAt: at('10:30') } };
    expect(dueOf(approved, [{ from: at('10:00'), to: null }], at('10:30'))).toEqual([lapse]);
    expect(statusAt(approved, [], at('10:30'))).toBe('lapsed');
    expect(dueOf(rowOf(takenAs('take-1')), [], at('23:00'))).toEqual([]);
  });

  it('is found by the instant that the row says', () => {
    expect(nextDueAt(rowOf(opened(escalating)))).toBe(at('09:20'));
    expect(nextDueAt(rowOf(opened()))).toBe(at('10:00'));
    const state = opened();
    evolveApprovals(state, { type: 'ApprovalReminded', data: { approvalId: refund, share: 50 } });
    expect(nextDueAt(rowOf(state))).toBe(at('10:48'));
    evolveApprovals(state, { type: 'ApprovalReminded', data: { approvalId: refund, share: 90 } });
    expect(nextDueAt(rowOf(state))).toBe(at('11:00'));
    expect(nextDueAt(rowOf(withPermit()))).toBe(at('10:30'));
    expect(nextDueAt(rowOf(takenAs('take-1')))).toBeNull();
    evolveApprovals(state, { type: 'ApprovalDenied', data: { approvalId: refund, by: ada, feedback: null } });
    expect(nextDueAt(rowOf(state))).toBeNull();
  });
});

// Two shared cores: seconds here may be a minute there.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000_007);
const settings = { numRuns: 1_000, seed };

const stop = fc
  .tuple(fc.integer({ min: 0, max: 200 }), fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }))
  .map(([from, length]): StoppedTime => ({ from: instant(from), to: length === null ? null : instant(from + length) }));
const stops = fc.array(stop, { maxLength: 6 });
const time = fc.integer({ min: 0, max: 250 }).map(instant);

/** Counts the milliseconds one by one. */
const stoppedNaively = (stopped: readonly StoppedTime[], since: Instant, until: Instant) =>
  Array.from({ length: Math.max(0, until - since) }, (_, index) => since + index).filter((ms) =>
    stopped.some(({ from, to }) => from <= ms && (to === null || ms < to)),
  ).length;

describe(`the clock that stands still under stops (seed ${seed})`, () => {
  it('takes off the union of them, however they overlap', () => {
    fc.assert(
      fc.property(stops, time, time, (stopped, since, until) => {
        expect(stoppedMsBetween(stopped, since, until)).toBe(stoppedNaively(stopped, since, until));
      }),
      settings,
    );
  });

  it('tells the first instant at which it has run long enough, the same whenever it is asked', () => {
    fc.assert(
      fc.property(stops, time, fc.integer({ min: 1, max: 100 }), time, (stopped, since, ms, now) => {
        const when = whenHasRun(stopped, { since, ms, now });
        expect(when !== null).toBe(now >= since && runningMsBetween(stopped, since, now) >= ms);
        if (when === null) return;
        expect(runningMsBetween(stopped, since, when)).toBe(ms);
        expect(runningMsBetween(stopped, since, instant(when - 1))).toBe(ms - 1);
        expect(whenHasRun(stopped, { since, ms, now: instant(now + 50) })).toBe(when);
      }),
      settings,
    );
  });

  it('makes the deadline what design says: itself and the time that stops covered', () => {
    fc.assert(
      fc.property(stops, time, fc.integer({ min: 1, max: 100 }), time, (stopped, openedAt, ms, now) => {
        const terms = { openedAt, expiresAt: instant(openedAt + ms) };
        const deadline = effectiveDeadline(stopped, terms, now);
        const isOver = now >= terms.expiresAt + stoppedMsBetween(stopped, openedAt, now);
        expect(now >= deadline).toBe(now >= openedAt && isOver);
      }),
      settings,
    );
  });
});
