import { instant } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { judgeClock } from './clock.ts';

const noon = 1_795_000_000_000;
const judge = (databaseNow: number, headAt: number | null, processNow = databaseNow) =>
  judgeClock({
    databaseNow: instant(databaseNow),
    headAt: headAt === null ? null : instant(headAt),
    processNow: instant(processNow),
  });
const timeOf = (verdict: ReturnType<typeof judge>) => (verdict.outcome === 'sure' ? verdict.recordedAt : verdict.code);

describe('I14: one clock, the database’s, which never runs backwards', () => {
  it('takes the database’s time when it moved on', () => expect(timeOf(judge(noon + 5, noon))).toBe(noon + 5));

  it('takes the database’s time for the first event', () => expect(timeOf(judge(noon, null))).toBe(noon));

  it('repeats the head’s time while the database is up to two seconds behind it', () =>
    expect(timeOf(judge(noon - 2_000, noon))).toBe(noon));

  it('I3: is unsure one millisecond further behind', () =>
    expect(timeOf(judge(noon - 2_001, noon))).toBe('clock.unsure'));

  it('accepts a process up to a minute apart, to either side', () =>
    expect([timeOf(judge(noon, null, noon + 60_000)), timeOf(judge(noon, null, noon - 60_000))]).toEqual([noon, noon]));

  it.each([60_001, -60_001])('I3: is unsure when the process is %s ms away', (apart) => {
    const verdict = judge(noon, null, noon + apart);
    expect(verdict).toMatchObject({ outcome: 'unsure', code: 'clock.unsure' });
    expect(verdict.outcome === 'unsure' && verdict.why).toContain('60001 ms apart');
  });
});
