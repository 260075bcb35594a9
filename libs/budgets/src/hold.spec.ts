import { describe, expect, it } from 'vitest';
import { agentCalls, agentDay, asking, at, costing, noon, teamMonth, usd, userTokens } from './budget.mother.ts';
import { createCalendar } from './calendar.ts';
import { moved, unused } from './counter.ts';
import { demandsOf } from './demand.ts';
import {
  correct,
  expire,
  movementsOfCorrection,
  movementsOfEnd,
  movementsOfHold,
  release,
  settle,
  type HoldEntry,
} from './hold.ts';
import type { SelectedBudget } from './selected-budget.ts';

const held = (
  budgets: readonly SelectedBudget[],
  amounts = costing(usd('0.42'), 300n),
  time = noon,
): readonly HoldEntry[] =>
  demandsOf(budgets, asking(null, { amounts, at: time }), createCalendar()).demands.map(({ entry }) => entry);

const outcome = (entries: ReturnType<typeof settle>) => entries.map(({ settled, isReported }) => [settled, isReported]);

describe('a hold ends', () => {
  it('at the real cost, in each unit', () =>
    expect(outcome(settle(held([agentDay, userTokens, agentCalls]), costing(usd('0.40'), 250n)))).toEqual([
      [usd('0.40'), true],
      [250n, true],
      [1n, true],
    ]));

  it('above what was held, when it cost more', () =>
    expect(outcome(settle(held([agentDay]), costing(usd('7'))))).toEqual([[usd('7'), true]]));

  it('at the held amount, unreported, where the report says nothing', () =>
    expect(outcome(settle(held([agentDay, userTokens]), costing(null, 250n)))).toEqual([
      [usd('0.42'), false],
      [250n, true],
    ]));

  it('at the held amount, unreported, when nobody reports in time', () =>
    expect(outcome(expire(held([agentDay])))).toEqual([[usd('0.42'), false]]));

  it('at nothing, when the action never started', () =>
    expect(outcome(release(held([agentDay])))).toEqual([[0n, true]]));
});

describe('a hold that was extended', () => {
  const later = at('2026-11-21T08:00:00Z');
  const extended = [...held([agentDay]), ...held([agentDay], costing(usd('1')), later)];

  it.each([
    ['less than the first part', '0.40', ['0.4', '0']],
    ['a part of the extension', '1', ['0.42', '0.58']],
    ['more than both', '5', ['0.42', '4.58']],
  ])('settles %s in the order it was held', (_case, actual, parts) =>
    expect(settle(extended, costing(usd(actual))).map(({ settled }) => settled)).toEqual(parts.map(usd)),
  );
});

describe('a hold belongs for ever to the windows of its decision', () => {
  it('settles and corrects them, whenever it comes', () => {
    const entries = held([agentDay, teamMonth]);
    const settled = expire(entries);
    const corrected = correct(settled, costing(usd('0.10')));
    const keys = movementsOfHold(entries).map(({ key }) => key);
    expect(movementsOfEnd(settled).map(({ key }) => key)).toEqual(keys);
    expect(movementsOfCorrection(settled, corrected).map(({ key }) => key)).toEqual(keys);
    expect(keys[0]).toContain(`/${at('2026-11-20T00:00:00Z')}/`);
  });

  it('comes to the same spend by expiry and correction as by a report in time', () => {
    const entries = held([agentDay]);
    const actual = costing(usd('0.10'));
    const expired = expire(entries);
    const late = [
      ...movementsOfHold(entries),
      ...movementsOfEnd(expired),
      ...movementsOfCorrection(expired, correct(expired, actual)),
    ];
    const inTime = [...movementsOfHold(entries), ...movementsOfEnd(settle(entries, actual))];
    expect(late.reduce(moved, unused)).toEqual(inTime.reduce(moved, unused));
  });

  it('leaves as it was what a correction does not mention', () => {
    const settled = settle(held([agentDay, userTokens]), costing(null, 250n));
    expect(outcome(correct(settled, costing(usd('0.10'))))).toEqual([
      [usd('0.10'), true],
      [250n, true],
    ]);
  });
});

describe('a counter', () => {
  it('never goes below zero: ending one hold twice is a defect, not a gift', () => {
    const entries = held([agentDay]);
    const once = [...movementsOfHold(entries), ...movementsOfEnd(release(entries))];
    expect(() => [...once, ...movementsOfEnd(release(entries))].reduce(moved, unused)).toThrow(RangeError);
  });
});
