import { describe, expect, it } from 'vitest';
import {
  adasRun,
  agentCalls,
  agentDay,
  asking,
  at,
  costing,
  noon,
  runTotal,
  teamMonth,
  usd,
  userTokens,
} from './budget.mother.ts';
import { createCalendar } from './calendar.ts';
import { moved, unused, type Counter, type CounterKey } from './counter.ts';
import { demandsOf, type Ask } from './demand.ts';
import { effectOf, holdAll, retryAtOf } from './hold-all.ts';
import { movementsOfHold } from './hold.ts';
import type { SelectedBudget } from './selected-budget.ts';

const calendar = createCalendar();
const demanded = (selected: readonly SelectedBudget[], ask: Ask) => demandsOf(selected, ask, calendar).demands;

/** Holds `ask` against counters that have already spent this much of each selected budget, in order. */
function holding(selected: readonly SelectedBudget[], ask: Ask, ...spent: readonly string[]) {
  const demands = demanded(selected, ask);
  const counters = new Map<CounterKey, Counter>(
    demands.map(({ key }, index) => [key, { spent: usd(spent[index] ?? '0'), held: 0n }]),
  );
  return holdAll(demands, counters);
}

describe('I2: an action holds in every budget or in none', () => {
  it('allows what exactly reaches the cap', () =>
    expect(holding([agentDay], asking(usd('0.42')), '9.58').entries).toMatchObject([
      { budget: 'agent-day', amount: usd('0.42') },
    ]));

  it('refuses one nano more', () =>
    expect(holding([agentDay], asking(usd('0.420000001')), '9.58').exceeded).toHaveLength(1));

  it('holds in none when one of three is exceeded, and tells where each stands', () => {
    const { entries, exceeded, standings } = holding([agentDay, teamMonth, runTotal], asking(usd('3')), '1', '2');
    expect(entries).toEqual([]);
    expect(exceeded.map(({ demand }) => demand.budget.name)).toEqual(['run-total']);
    expect(standings.map(({ figures }) => figures.remaining)).toEqual([usd('9'), usd('498'), usd('2')]);
  });

  it('counts what is held as used', () => {
    const [demand] = demanded([agentDay], asking(usd('1')));
    const counters = new Map(demand === undefined ? [] : [[demand.key, { spent: usd('4'), held: usd('5.5') }]]);
    expect(holdAll(demanded([agentDay], asking(usd('1'))), counters).exceeded).toHaveLength(1);
  });

  it('refuses even what costs nothing once an overrun has left a budget above its cap', () => {
    expect(holding([agentDay], asking(0n), '10').exceeded).toHaveLength(0);
    expect(holding([agentDay], asking(0n), '10.01').exceeded).toHaveLength(1);
  });

  it('binds later decisions by a lowered cap', () =>
    expect(holding([{ ...agentDay, cap: usd('5') }], asking(usd('1')), '4.5').exceeded).toHaveLength(1));

  it('counts calls one by one', () => {
    const demands = demanded([agentCalls], asking(null));
    let counter = unused;
    for (let call = 0; call < 3; call += 1) {
      const { entries } = holdAll(demands, { get: () => counter });
      counter = movementsOfHold(entries).reduce(moved, counter);
    }
    expect(holdAll(demands, { get: () => counter }).exceeded).toHaveLength(1);
  });
});

describe('one counter', () => {
  it('is held once when a policy is attached at two points', () => {
    const { entries, standings } = holding([agentDay, { ...agentDay, layer: 'team' }], asking(usd('1')));
    expect(standings).toHaveLength(2);
    expect(entries).toHaveLength(1);
  });

  it('I2: is judged by the lower cap and the larger amount of two versions in force', () => {
    const older = { ...agentDay, version: 2, cap: usd('1'), assume: usd('0.10') };
    const newer = { ...agentDay, layer: 'team' as const, assume: usd('5') };
    expect(holding([older, newer], asking(null)).exceeded.map(({ demand }) => demand.budget.version)).toEqual([2]);
  });

  it('survives a new version and a changed cap', () => {
    const keys = [agentDay, { ...agentDay, version: 4, cap: usd('99') }].map(
      (budget) => demanded([budget], asking(usd('1')))[0]?.key,
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([
    ['another agent', { subject: { ...adasRun, agent: 'agt_00000000000000000000000000000009' } }],
    ['the next day', { at: at('2026-11-21T00:00:00Z') }],
  ])('is another one for %s', (_case, changes) => {
    const [one] = demanded([agentDay], asking(usd('1')));
    const [other] = demanded([agentDay], asking(usd('1'), changes));
    expect(one?.key).not.toBe(other?.key);
  });

  it('is of one agent when two agents name their runs alike', () => {
    const [one] = demanded([runTotal], asking(usd('1')));
    const [other] = demanded(
      [runTotal],
      asking(usd('1'), { subject: { ...adasRun, agent: 'agt_00000000000000000000000000000009' } }),
    );
    expect(one?.key).not.toBe(other?.key);
  });

  // A name is data: whatever it holds, it must not reach into the fields before it.
  it('cannot be reached by a user whose name imitates another key', () => {
    const plain = demanded(
      [{ ...userTokens, unit: 'calls' }],
      asking(null, { subject: { ...adasRun, user: 'ada/total/0/grace' } }),
    );
    const other = demanded(
      [{ ...userTokens, unit: 'calls' }],
      asking(null, { subject: { ...adasRun, user: 'grace' } }),
    );
    expect(plain[0]?.key).not.toBe(other[0]?.key);
    expect(plain[0]?.key.endsWith('/ada/total/0/grace')).toBe(true);
  });
});

describe('leaving things out does not evade a cap', () => {
  const missing = (budget: SelectedBudget, changes: Partial<Ask>) =>
    demandsOf([budget], asking(usd('1'), changes), calendar).missing.map(({ code }) => code);

  const nobody = { ...adasRun, user: null, run: null };

  it.each([
    [agentDay, { amounts: costing(null) }, ['budget.cost_missing']],
    [userTokens, { amounts: costing(usd('1')) }, ['budget.cost_missing']],
    [userTokens, { amounts: costing(null), subject: nobody }, ['budget.cost_missing', 'budget.user_missing']],
    [runTotal, { subject: nobody }, ['budget.run_missing']],
    [agentCalls, { amounts: costing(null), subject: nobody }, []],
  ] as const)('%o lacks something of %o', (budget, changes, codes) => expect(missing(budget, changes)).toEqual(codes));

  it('counts the assumed amount, for a nobody that all who name nobody share', () => {
    const lenient = { ...runTotal, assume: usd('0.50') };
    const [demand] = demanded([lenient], asking(null, { subject: nobody }));
    const [another] = demanded([lenient], asking(null, { subject: { ...nobody, user: 'grace' } }));
    expect(demand?.entry.amount).toBe(usd('0.50'));
    expect(demand?.key).toBe(another?.key);
  });

  it('counts what is stated rather than what is assumed', () =>
    expect(demanded([{ ...agentDay, assume: usd('0.50') }], asking(usd('3')))[0]?.entry.amount).toBe(usd('3')));
});

describe('when to ask again', () => {
  it('is when the last exceeded window has ended', () => {
    const { exceeded } = holding([agentDay, teamMonth], asking(usd('1')), '10', '500');
    expect(retryAtOf(exceeded)).toBe(at('2026-12-01T00:00:00Z'));
  });

  it.each([
    ['one window never ends', holding([agentDay, runTotal], asking(usd('1')), '10', '2')],
    ['the ask alone is above the cap', holding([agentDay], asking(usd('10.01')))],
  ])('is never when %s', (_case, { exceeded }) => expect(retryAtOf(exceeded)).toBeNull());

  it('blocks if any exceeded budget blocks, and asks if all ask', () => {
    expect(effectOf(holding([teamMonth], asking(usd('1')), '500').exceeded)).toBe('ask');
    expect(effectOf(holding([teamMonth, agentDay], asking(usd('1')), '500', '10').exceeded)).toBe('block');
  });

  it('gives each window as two instants', () =>
    expect(demanded([agentDay], asking(usd('1'), { at: noon }))[0]?.entry).toMatchObject({
      windowStart: at('2026-11-20T00:00:00Z'),
      windowEnd: at('2026-11-21T00:00:00Z'),
    }));
});
