import { emptyAgents } from '@countersign/agents';
import type { Subject } from '@countersign/budgets';
import type { Name } from '@countersign/kernel';
import { emptyPolicies, evolvePolicies, type AttachmentPoint, type PolicyEvent } from '@countersign/policy';
import { describe, expect, it } from 'vitest';
import { openingsOf, opens, portioned, type BudgetOpened, type BudgetOpening } from './budget-openings.ts';

const name = 'treasury-caps' as Name;
const mailer: AttachmentPoint = { layer: 'agent', point: 'agt_1' };
const treasury: AttachmentPoint = { layer: 'team', point: 'team_1' };
const ada: AttachmentPoint = { layer: 'user', point: 'ada' };

const document = (budgets: string, more = '') => `apiVersion: countersign/v1
name: ${name}
${more}allow: ["*"]
${budgets}`;
const daily = 'budgets:\n  - { name: daily, scope: agent, unit: usd, window: day, cap: 10 }\n';
const monthly = '  - { name: monthly, scope: team, unit: usd, window: month, cap: 100 }\n';

const published = (version: number, text: string): PolicyEvent => ({
  type: 'PolicyPublished',
  data: { name, version, document: text, note: '' },
});
const attached = (point: AttachmentPoint): PolicyEvent => ({ type: 'PolicyAttached', data: { name, ...point } });

/** What the last of these events opens. */
function openings(...events: readonly PolicyEvent[]): readonly BudgetOpening[] {
  const state = { ...emptyPolicies(), ...emptyAgents() };
  for (const event of events.slice(0, -1)) evolvePolicies(state, event);
  return openingsOf(state, events.slice(-1));
}

const opened = (...events: readonly PolicyEvent[]) =>
  openings(...events).map(({ budget }) => `${budget.name} v${budget.version} by ${budget.scope}`);

const subject: Subject = { organization: 'acme', team: 'team_1', agent: 'agt_1', user: 'ada', run: null };
const action = { intent: 'shop.buy', target: 'books', hasCost: true };

describe('budgets begin to count', () => {
  it('when a policy is attached', () => {
    expect(opened(published(1, document(daily)))).toEqual([]);
    expect(opened(published(1, document(daily)), attached(mailer))).toEqual(['daily v1 by agent']);
  });

  it('when an attached policy gets a version that adds them, and only those that it adds', () =>
    expect(opened(published(1, document(daily)), attached(mailer), published(2, document(daily + monthly)))).toEqual([
      'monthly v2 by team',
    ]));

  it('when a shadow begins to decide', () =>
    expect(
      opened(published(1, document(daily, 'mode: shadow\n')), attached(mailer), published(2, document(daily))),
    ).toEqual(['daily v2 by agent']));

  it('but not as shadows, and not when they start now', () => {
    expect(opened(published(1, document(daily, 'mode: shadow\n')), attached(mailer))).toEqual([]);
    expect(opened(published(1, document(daily.replace('cap: 10', 'cap: 10, start: now'))), attached(mailer))).toEqual(
      [],
    );
  });

  it('for each agent by the short form, and for each user where it is attached to one', () => {
    const limits = document('limits: { ai_daily_usd: 5 }\n');
    expect(opened(published(1, limits), attached(treasury))).toEqual(['ai_daily_usd v1 by agent']);
    expect(opened(published(1, limits), attached(mailer), attached(ada))).toEqual(['ai_daily_usd v1 by user']);
  });
});

describe('an opened budget counts', () => {
  it('the actions of its point', () => {
    const [opening] = openings(published(1, document(daily)), attached(treasury)) as [BudgetOpening];
    expect(opens(opening, { subject, ...action })).toBe(true);
    expect(opens(opening, { subject: { ...subject, team: 'team_2' }, ...action })).toBe(false);
  });

  // Those are in its counters already, or were left out when it began to count them.
  it('none that another attachment of the same policy counted already', () => {
    const [opening] = openings(published(1, document(daily)), attached(mailer), attached(treasury)) as [BudgetOpening];
    expect(opens(opening, { subject, ...action })).toBe(false);
    expect(opens(opening, { subject: { ...subject, agent: 'agt_2' }, ...action })).toBe(true);
  });
});

describe('an opening is recorded', () => {
  const openingOf = (count: number): BudgetOpened => {
    const counter = (_: unknown, run: number) => ({
      instance: `agt_1/run-${run}`,
      windowStart: 0 as never,
      windowEnd: null,
      spent: '1',
    });
    const counters = Array.from({ length: count }, counter);
    return {
      type: 'BudgetOpened',
      data: { policy: name, version: 1, budget: 'run', scope: 'run', unit: 'usd', window: 'total', counters },
    };
  };

  it('in events of at most a thousand counters, and in none when nothing was spent', () => {
    expect(portioned(openingOf(0))).toEqual([]);
    expect(portioned(openingOf(1_000)).map(({ data }) => data.counters.length)).toEqual([1_000]);
    expect(portioned(openingOf(2_001)).map(({ data }) => data.counters.length)).toEqual([1_000, 1_000, 1]);
    expect(portioned(openingOf(2_001)).flatMap(({ data }) => data.counters)).toEqual(openingOf(2_001).data.counters);
  });
});
