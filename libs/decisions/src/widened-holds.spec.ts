import { emptyAgents } from '@countersign/agents';
import { createCalendar } from '@countersign/budgets';
import { instant, type DecisionId, type OrganizationId } from '@countersign/kernel';
import { emptyPolicies, evolvePolicies } from '@countersign/policy';
import { describe, expect, it } from 'vitest';
import { openedBy, openingsOf } from './budget-openings.ts';
import type { AnyEvent } from './catalog.ts';
import { PastActions } from './past-actions.ts';
import { runningIn, WIDENED_MAX, widenedBy } from './widened-holds.ts';

const acme = '00000000-0000-4000-8000-000000000003' as OrganizationId;
const calendar = createCalendar();
const now = instant(Date.parse('2026-11-20T12:00:00Z'));
const document = `apiVersion: countersign/v1
name: caps
allow: ["*"]
budgets:
  - { name: all, scope: organization, unit: usd, window: total, cap: 1000 }
`;
const decisionOf = (index: number) => `dec_${String(index).padStart(32, '0')}` as DecisionId;

const decided = (index: number, expiresAt = now + 1_000) =>
  ({
    type: 'ActionDecided',
    data: {
      decisionId: decisionOf(index),
      agent: { id: 'agt_1', team: 'team_1' },
      action: { intent: 'shop.buy', target: 'books', cost: { usd: '2' } },
      verdict: 'allow',
      price: { usd: '2' },
      budgets: [],
      rates: [],
      hold: { expiresAt: instant(expiresAt) },
    },
  }) as unknown as AnyEvent;

/** What a policy finds that is attached to the organization after these events. */
function attachedAfter(events: readonly AnyEvent[]) {
  const state = { ...emptyPolicies(), ...emptyAgents() };
  evolvePolicies(state, { type: 'PolicyPublished', data: { name: 'caps' as never, version: 1, document, note: '' } });
  const point = { layer: 'organization', point: acme } as const;
  const openings = openingsOf(state, [{ type: 'PolicyAttached', data: { name: 'caps' as never, ...point } }]);
  const past = new PastActions(acme, openings);
  events.forEach((event, position) => past.add(event, now, position));
  const running = runningIn(past, now);
  const widened = widenedBy(openings, past, { running, holds: new Set(), calendar, now });
  const spent = openedBy(openings, past, calendar, now).flatMap(({ data }) => data.counters.map((each) => each.spent));
  return { widened: widened.map(({ data }) => [data.decisionId, data.entries.map(({ amount }) => amount)]), spent };
}

describe('a budget that begins to count what runs', () => {
  it('holds it, and counts as spent what had no hold and is past its time', () =>
    expect(attachedAfter([decided(1), decided(2, now)])).toEqual({ widened: [[decisionOf(1), ['2']]], spent: ['2'] }));

  it('holds the latest only, where very many run, and counts the others as spent', () => {
    const { widened, spent } = attachedAfter(Array.from({ length: WIDENED_MAX + 3 }, (_, index) => decided(index)));
    expect(widened.map(([decisionId]) => decisionId)).toEqual(
      Array.from({ length: WIDENED_MAX }, (_, index) => decisionOf(index + 3)),
    );
    expect(spent).toEqual(['6']);
  });

  // Ledgers from before holds were widened, and what was beyond the limit: it is in the counter as spent.
  it('leaves what an earlier opening counted as spent', () => {
    const address = { policy: 'caps', budget: 'all', scope: 'organization', unit: 'usd', window: 'total' } as const;
    const counters = [{ instance: acme, windowStart: instant(0), windowEnd: null, spent: '2' }];
    const opened: AnyEvent = { type: 'BudgetOpened', data: { ...address, version: 1, counters } };
    expect(attachedAfter([decided(1), opened])).toEqual({ widened: [], spent: [] });
    expect(attachedAfter([decided(1), opened, decided(2)]).widened).toEqual([[decisionOf(2), ['2']]]);
  });
});
