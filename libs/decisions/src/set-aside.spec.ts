import { counterKey } from '@countersign/budgets';
import { instant } from '@countersign/kernel';
import { expect, it } from 'vitest';
import { evolve } from './catalog.ts';
import type { ActionDecided, BudgetFigure } from './decision.events.ts';
import { emptyEnforcement } from './enforcement-state.ts';
import { entriesOf, setAside } from './evolve-money.ts';

const at = instant(1_000);

const figure = (changes: Partial<BudgetFigure>): BudgetFigure => ({
  policy: 'five-dollars',
  budget: 'all',
  scope: 'agent',
  instance: 'agt_1',
  unit: 'usd',
  window: 'total',
  windowStart: instant(0),
  windowEnd: null,
  cap: '5',
  spent: '0',
  held: '0',
  asked: '0.25',
  ...changes,
});

const allowed = {
  decisionId: 'dec_1',
  agent: { id: 'agt_1' },
  verdict: 'allow',
  budgets: [figure({}), figure({ budget: 'calls', unit: 'calls', asked: '1' }), figure({})],
  rates: [{ key: 'rate', max: 2 }],
  hold: { expiresAt: instant(9_000) },
} as unknown as ActionDecided;

it('setting aside by numbers is folding the event of the allow', () => {
  const folded = emptyEnforcement();
  evolve(folded, { event: { type: 'ActionDecided', data: allowed }, at, streamVersion: 1 });

  const decided = emptyEnforcement();
  const held = entriesOf(allowed.budgets).map((entry) => ({ key: counterKey(entry), entry }));
  setAside(decided, allowed.decisionId, {
    agentId: allowed.agent.id,
    expiresAt: instant(9_000),
    held,
    rates: allowed.rates,
    at,
    streamVersion: 1,
  });

  expect(decided).toEqual(folded);
  expect(folded.counters.size).toBe(2);
  expect([...folded.counters.values()]).toContainEqual({ spent: 0n, held: 250_000_000n });
});
