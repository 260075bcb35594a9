import { describe, expect, it } from 'vitest';
import { adasRun, agentDay, asking, at, costing, noon, runTotal, usd } from './budget.mother.ts';
import {
  budgetEvents,
  decodeHold,
  decodeSettlement,
  encodeHold,
  encodeSettlement,
  HoldRecord,
  SettlementRecord,
} from './budget.events.ts';
import { createCalendar } from './calendar.ts';
import { moved, unused } from './counter.ts';
import { demandsOf } from './demand.ts';
import { holdAll } from './hold-all.ts';
import { settle } from './hold.ts';
import { movementsOfOpening, openingOf, type PastAction } from './opening.ts';
import type { SelectedBudget } from './selected-budget.ts';
import { isMostlyPresumed, warningsCrossed } from './warning.ts';

const calendar = createCalendar();
const grace = { ...adasRun, agent: 'agt_00000000000000000000000000000009' };

const past: readonly PastAction[] = [
  { at: at('2026-11-19T23:59:59.999Z'), subject: adasRun, amounts: costing(usd('5')) },
  { at: at('2026-11-20T00:00:00Z'), subject: adasRun, amounts: costing(usd('1.5')) },
  { at: at('2026-11-20T09:00:00Z'), subject: adasRun, amounts: costing(usd('2')) },
  { at: at('2026-11-20T10:00:00Z'), subject: grace, amounts: costing(usd('4')) },
];

const remaining = (budget: SelectedBudget, actions = past) => {
  const opening = movementsOfOpening(openingOf(budget, actions, calendar, noon));
  const counters = new Map(opening.map((movement) => [movement.key, moved(unused, movement)]));
  const { demands } = demandsOf([budget], asking(0n), calendar);
  return holdAll(demands, counters).standings[0]?.figures.remaining;
};

describe('a budget added in mid-window', () => {
  it('starts from what its window already spent, for each instance', () =>
    expect(remaining(agentDay)).toBe(usd('6.5')));

  it('starts from everything when its window never ends', () =>
    expect(remaining({ ...runTotal, cap: usd('100') })).toBe(usd('91.5')));

  it('starts afresh when it says so', () => expect(remaining({ ...agentDay, startNow: true })).toBe(usd('10')));

  it('counts what it assumes of actions that did not say their cost', () =>
    expect(
      remaining({ ...agentDay, assume: usd('0.5') }, [{ at: noon, subject: adasRun, amounts: costing(null) }]),
    ).toBe(usd('9.5')));

  // A window may have spent more than one action may carry, so reading it back must not be limited by that.
  it('reads back sums above a million dollars', () => {
    const dear = Array.from({ length: 3 }, () => ({
      at: noon,
      subject: adasRun,
      amounts: costing(usd('999999.999999999')),
    }));
    expect(remaining(agentDay, dear)).toBe(usd('10') - 3n * usd('999999.999999999'));
  });

  it('is an event that its catalogue accepts', () => {
    const { data } = openingOf(agentDay, past, calendar, noon);
    expect(budgetEvents.BudgetOpened.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
  });
});

describe('I12: what the ledger keeps of a hold gives back the same hold', () => {
  const { demands } = demandsOf([agentDay, runTotal], asking(usd('0.42')), calendar);
  const { entries } = holdAll(demands, new Map());

  it('as text and back', () => {
    const record = HoldRecord.parse(JSON.parse(JSON.stringify(encodeHold(noon, entries))));
    expect(record.entries[0]).toMatchObject({ amount: '0.42', windowStart: at('2026-11-20T00:00:00Z') });
    expect(decodeHold(record)).toEqual(entries);
  });

  it('and the same settlement', () => {
    const settled = settle(entries, costing(usd('0.4')));
    expect(decodeSettlement(SettlementRecord.parse(JSON.parse(JSON.stringify(encodeSettlement(settled)))))).toEqual(
      settled,
    );
  });

  it('I11: with amounts as decimal text, never as numbers', () =>
    expect(HoldRecord.safeParse({ expiresAt: noon, entries: [{ ...entries[0], amount: 0.42 }] }).success).toBe(false));
});

describe('warnings', () => {
  const budget = { cap: usd('10'), warnAt: [0.5, 0.8, 1] };

  it.each([
    ['4.99', '4.999999999', []],
    ['4.99', '5', [0.5]],
    ['5', '7', []],
    ['4', '12', [0.5, 0.8, 1]],
  ])('from %s to %s crosses %j', (before, after, crossed) =>
    expect(warningsCrossed(budget, usd(before), usd(after))).toEqual(crossed),
  );

  it('are due when more than a fifth of the cap was never reported', () => {
    expect(isMostlyPresumed(usd('10'), usd('2'))).toBe(false);
    expect(isMostlyPresumed(usd('10'), usd('2.000000001'))).toBe(true);
  });
});
