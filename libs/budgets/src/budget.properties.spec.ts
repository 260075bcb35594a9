import { instant, type Instant } from '@countersign/kernel';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { acme, adasRun, agentDay, costing, noon, treasury } from './budget.mother.ts';
import { createCalendar } from './calendar.ts';
import { addressOfKey, counterKey, moved, unused, type Counter, type CounterKey, type Movement } from './counter.ts';
import { demandsOf } from './demand.ts';
import { holdAll } from './hold-all.ts';
import { correct, expire, movementsOfCorrection, movementsOfEnd, movementsOfHold, release, settle } from './hold.ts';
import type { HoldEntry, SettledEntry } from './hold.ts';
import { always } from './property.mother.ts';
import type { SelectedBudget, Subject } from './selected-budget.ts';

type Step =
  | {
      readonly does: 'decide';
      readonly nanos: bigint;
      readonly tokens: bigint;
      readonly who: number;
      readonly budgets: number;
    }
  | { readonly does: 'settle'; readonly which: number; readonly nanos: bigint; readonly tokens: bigint }
  | { readonly does: 'correct'; readonly which: number; readonly nanos: bigint }
  | { readonly does: 'release'; readonly which: number }
  | { readonly does: 'expire'; readonly which: number }
  | { readonly does: 'recap'; readonly which: number; readonly cap: bigint }
  | { readonly does: 'wait'; readonly ms: number };

const nanos = fc.bigInt({ min: 0n, max: 60n });
const tokens = fc.bigInt({ min: 0n, max: 60n });
const which = fc.nat({ max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      nanos,
      tokens,
      who: fc.nat(2),
      budgets: fc.integer({ min: 1, max: 31 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('settle' as const), which, nanos, tokens }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('correct' as const), which, nanos }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('release' as const), which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('expire' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('recap' as const), which, cap: fc.bigInt({ min: 0n, max: 120n }) }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.nat(40 * 60_000) }) },
);

const budgets: readonly SelectedBudget[] = [
  { ...agentDay, name: 'a', scope: 'agent', window: 'hour', cap: 100n },
  { ...agentDay, name: 'b', scope: 'team', window: 'day', cap: 150n },
  { ...agentDay, name: 'c', scope: 'run', window: 'total', cap: 80n },
  { ...agentDay, name: 'd', scope: 'user', window: 'minute', unit: 'tokens', cap: 90n },
  { ...agentDay, name: 'e', scope: 'organization', window: 'month', unit: 'calls', cap: 9n },
];

const people: readonly Subject[] = [
  adasRun,
  { ...adasRun, run: 'run-43', user: 'grace' },
  { organization: acme, team: treasury, agent: 'agt_00000000000000000000000000000009', user: 'ada', run: 'run-42' },
];

/** One allowed action as the naive recount remembers it: never a counter, only what was asked and how it ended. */
interface Remembered {
  readonly entries: readonly HoldEntry[];
  ended: readonly SettledEntry[] | null;
}

class History {
  readonly counters = new Map<CounterKey, Counter>();
  readonly actions: Remembered[] = [];
  readonly caps = new Map(budgets.map(({ name, cap }) => [name, cap]));
  private now: Instant = noon;
  private readonly calendar = createCalendar();

  run(one: Step) {
    switch (one.does) {
      case 'wait':
        this.now = instant(this.now + one.ms);
        return;
      case 'recap':
        this.caps.set(budgets[one.which % budgets.length]?.name ?? '', one.cap);
        return;
      case 'decide':
        return this.decide(one);
      default:
        return this.end(one);
    }
  }

  private decide({ nanos: usd, tokens: count, who, budgets: mask }: Extract<Step, { does: 'decide' }>) {
    const selected = budgets
      .filter((_budget, index) => (mask >> index) % 2 === 1)
      .map((budget) => ({ ...budget, cap: this.caps.get(budget.name) ?? 0n }));
    const ask = { amounts: costing(usd, count), subject: people[who] ?? adasRun, at: this.now };
    const { demands } = demandsOf(selected, ask, this.calendar);
    const { entries } = holdAll(demands, this.counters);
    if (entries.length === 0) return this.expectRefusedRightly(demands);

    this.apply(movementsOfHold(entries));
    this.actions.push({ entries, ended: null });
    // The promise itself, on numbers that no counter kept.
    for (const { key, budget } of demands) expect(this.recount(key)).toBeLessThanOrEqual(budget.cap);
  }

  private expectRefusedRightly(demands: ReturnType<typeof demandsOf>['demands']) {
    expect(demands.some(({ key, budget, entry }) => this.recount(key) + entry.amount > budget.cap)).toBe(true);
  }

  private end(one: Exclude<Step, { does: 'wait' | 'recap' | 'decide' }>) {
    const action = this.actions[one.which % Math.max(1, this.actions.length)];
    if (action === undefined || (one.does === 'correct') !== (action.ended !== null)) return;
    const before = action.ended;
    if (one.does === 'release') action.ended = release(action.entries);
    else if (one.does === 'expire') action.ended = expire(action.entries);
    else if (one.does === 'settle') action.ended = settle(action.entries, costing(one.nanos, one.tokens));
    else action.ended = correct(before ?? [], costing(one.nanos, null));
    this.apply(before === null ? movementsOfEnd(action.ended) : movementsOfCorrection(before, action.ended));
  }

  private apply(movements: readonly Movement[]) {
    for (const movement of movements)
      this.counters.set(movement.key, moved(this.counters.get(movement.key) ?? unused, movement));
  }

  /** What a window used, from the actions alone. */
  recount(key: CounterKey): bigint {
    let used = 0n;
    for (const { entries, ended } of this.actions)
      entries.forEach((entry, index) => {
        const { policy, budget, scope, unit, window, windowStart, instance } = entry;
        const name = [policy, budget, scope, unit, window, windowStart, instance].join('/');
        if (name === key) used += ended?.[index]?.settled ?? entry.amount;
      });
    return used;
  }
}

describe('any interleaving of holds, settlements, releases, expiries, corrections and changed caps', () => {
  always(
    'I2: no allow brings settled + held above the cap then in force, no refusal comes where there was room',
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const history = new History();
      for (const one of steps) history.run(one);
    }),
  );

  always(
    'I2: settled + held always equals the naive recount, and all held is given back in the end',
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const history = new History();
      for (const one of steps) {
        history.run(one);
        for (const [key, { spent, held }] of history.counters) expect(spent + held).toBe(history.recount(key));
      }
      history.actions.forEach((_action, index) => history.run({ does: 'expire', which: index }));
      for (const { held } of history.counters.values()) expect(held).toBe(0n);
    }),
  );
});

describe('the key of a counter', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,10}$/);
  always(
    'reads back as what it was written from, whatever an instance is called',
    fc.property(
      name,
      name,
      fc.constantFrom(...budgets),
      fc.string({ unit: 'binary' }),
      (policy, budget, kind, instance) => {
        const { scope, unit, window } = kind;
        const address = { policy, budget, scope, unit, window, instance, windowStart: noon };
        expect(addressOfKey(counterKey(address))).toEqual(address);
      },
    ),
  );
});
