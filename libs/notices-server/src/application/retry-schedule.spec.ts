import { describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX, waitAfter } from './retry-schedule.ts';

const waits = (chance: number) =>
  Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) => waitAfter(index + 1, chance) as number);

describe('attempts of a delivery', () => {
  it('come at growing distances, and end', () => {
    const all = waits(0.5);
    expect(all).toEqual([...all].sort((one, other) => one - other));
    expect(all[0]).toBe(5_000);
    expect(waitAfter(ATTEMPTS_MAX, 0.5)).toBeNull();
  });

  it('outlast a day without an answer', () => {
    expect(waits(0).reduce((sum, wait) => sum + wait)).toBeGreaterThan(36 * 3_600_000);
  });

  it('are spread, so that a receiver that is back is not met by all at once', () => {
    expect(waitAfter(1, 0)).toBe(4_000);
    expect(waitAfter(1, 0.999)).toBe(5_998);
  });
});
