import { instant, type Instant } from '@countersign/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adasRun } from './budget.mother.ts';
import { always } from './property.mother.ts';
import { isIdle, maxNewKey, rateKey, recorded, tooMany, type RateLog, type SelectedRate } from './rate.ts';

const log = (...instants: number[]): RateLog => instants.map(instant);
const twoPerSecond = { max: 2, perMs: 1_000 };

describe('at most max in (now - per, now]', () => {
  it.each([
    [log(), 5_000, null],
    [log(4_500), 5_000, null],
    [log(4_500, 4_600), 5_000, 5_500],
    [log(4_000, 4_600), 5_000, null],
    [log(4_001, 4_600), 5_000, 5_001],
    [log(5_000, 5_000), 5_000, 6_000],
  ])('after %j at %d there is room at %s', (before, now, retryAt) =>
    expect(tooMany(before, twoPerSecond, instant(now))?.retryAt ?? null).toBe(retryAt),
  );

  it('has room at the very instant it promised', () => {
    const full = log(4_500, 4_600);
    const { retryAt } = tooMany(full, twoPerSecond, instant(5_000)) ?? {};
    expect(tooMany(full, twoPerSecond, instant(Number(retryAt) - 1))).not.toBeNull();
    expect(tooMany(full, twoPerSecond, instant(Number(retryAt)))).toBeNull();
  });

  it('never has room for none', () => expect(tooMany(log(), { max: 0, perMs: 1_000 }, instant(0))?.retryAt).toBeNull());

  it('counts what a higher max had allowed when it is lowered', () =>
    expect(tooMany(log(4_500, 4_600, 4_700), { max: 1, perMs: 1_000 }, instant(5_000))?.retryAt).toBe(5_700));

  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
  always(
    'agrees with counting every allow there ever was',
    fc.property(gaps, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 1_500 }), (waits, max, perMs) => {
      const limit = { max, perMs };
      const allowed: Instant[] = [];
      let kept: RateLog = [];
      let now = instant(0);
      for (const wait of waits) {
        now = instant(now + wait);
        const inWindow = allowed.filter((time) => time > now - perMs && time <= now).length;
        expect(tooMany(kept, limit, now) === null).toBe(inWindow < max);
        if (inWindow >= max) continue;
        allowed.push(now);
        kept = recorded(kept, limit, now);
      }
      expect(kept.length).toBeLessThanOrEqual(max);
    }),
  );
});

describe('a log', () => {
  it('can be forgotten once its latest allow no longer counts', () => {
    expect(isIdle(log(4_000), twoPerSecond, instant(5_000))).toBe(true);
    expect(isIdle(log(4_001), twoPerSecond, instant(5_000))).toBe(false);
    expect(isIdle(log(), twoPerSecond, instant(0))).toBe(true);
  });

  const rate: SelectedRate = {
    policy: 'mail',
    version: 1,
    layer: 'agent',
    scope: 'user',
    match: 'a:*',
    max: 20,
    perMs: 60_000,
    line: 7,
  };

  it('belongs to one rate and one instance, whatever the names hold', () => {
    const keys = [
      rateKey(rate, adasRun),
      rateKey({ ...rate, match: 'a:*","ada' }, adasRun),
      rateKey({ ...rate, perMs: 1_000 }, adasRun),
      rateKey(rate, { ...adasRun, user: 'grace' }),
      maxNewKey({ ...rate, kind: 'run' }, adasRun),
      maxNewKey({ ...rate, kind: 'user' }, adasRun),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('survives a new version and a changed max', () =>
    expect(rateKey({ ...rate, version: 2, max: 5 }, adasRun)).toBe(rateKey(rate, adasRun)));
});
