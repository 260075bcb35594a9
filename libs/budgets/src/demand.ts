import type { Instant } from '@countersign/kernel';
import type { Calendar } from './calendar.ts';
import { counterKey, type CounterKey } from './counter.ts';
import type { HoldEntry } from './hold.ts';
import { instanceOf, type Amounts, type SelectedBudget, type Subject } from './selected-budget.ts';

/** What one budget asks of one action: this much, from this counter. */
export interface Demand<Budget extends SelectedBudget = SelectedBudget> {
  readonly budget: Budget;
  readonly key: CounterKey;
  /** What is held if the action is allowed. */
  readonly entry: HoldEntry;
  /** The claim that counts here, for messages: the user's or run's name, and null where the action names none. */
  readonly subject: Subject;
}

/** A budget counts what the action does not say. Always a block: leaving things out must not evade a cap. */
export interface Missing<Budget extends SelectedBudget = SelectedBudget> {
  readonly code: 'budget.cost_missing' | 'budget.user_missing' | 'budget.run_missing';
  readonly budget: Budget;
}

export interface Demands<Budget extends SelectedBudget = SelectedBudget> {
  readonly demands: readonly Demand<Budget>[];
  readonly missing: readonly Missing<Budget>[];
}

/** The action as budgets see it. `at` is the batch's time, read under the lock. */
export interface Ask {
  readonly amounts: Amounts;
  readonly subject: Subject;
  readonly at: Instant;
}

/**
 * Turns the budgets selected for an action into what each demands, in the order given; whoever loads counters loads
 * exactly these keys. Two attachments of one policy meet in one counter, and both then ask for the larger amount.
 */
export function demandsOf<Budget extends SelectedBudget>(
  selected: readonly Budget[],
  ask: Ask,
  calendar: Calendar,
): Demands<Budget> {
  const demands: Demand<Budget>[] = [];
  const missing: Missing<Budget>[] = [];
  for (const budget of selected) {
    const codes = missingFrom(budget, ask);
    if (codes.length > 0) missing.push(...codes.map((code) => ({ code, budget })));
    else demands.push(demandOf(budget, ask, calendar));
  }
  return { demands: demands.length > 1 ? levelled(demands) : demands, missing };
}

function missingFrom(budget: SelectedBudget, { amounts, subject }: Ask): readonly Missing['code'][] {
  if (budget.assume !== null) return NOTHING;

  const codes = amounts[budget.unit] === null ? COST : NOTHING;
  const missingSubject = missingSubjectFrom(budget, subject);
  return missingSubject === null ? codes : [...codes, missingSubject];
}

function missingSubjectFrom({ scope }: SelectedBudget, subject: Ask['subject']): Missing['code'] | null {
  if (scope === 'user' && subject.user === null) return 'budget.user_missing';
  if (scope === 'run' && subject.run === null) return 'budget.run_missing';
  return null;
}

const NOTHING: readonly Missing['code'][] = [];
const COST: readonly Missing['code'][] = ['budget.cost_missing'];

function demandOf<Budget extends SelectedBudget>(budget: Budget, ask: Ask, calendar: Calendar): Demand<Budget> {
  const { start, end } = calendar.windowOf(budget.window, ask.at);
  const entry: HoldEntry = {
    policy: budget.policy,
    budget: budget.name,
    scope: budget.scope,
    instance: instanceOf(budget.scope, ask.subject),
    unit: budget.unit,
    window: budget.window,
    windowStart: start,
    windowEnd: end,
    amount: ask.amounts[budget.unit] ?? budget.assume ?? 0n,
  };
  return { budget, key: counterKey(entry), entry, subject: ask.subject };
}

/** Demands on one counter ask for the same amount, so that whichever cap is lower judges all that will be held. */
function levelled<Budget extends SelectedBudget>(demands: readonly Demand<Budget>[]): readonly Demand<Budget>[] {
  const keys = new Set(demands.map(({ key }) => key));
  if (keys.size === demands.length) return demands;
  return demands.map((demand) => {
    const amounts = demands.filter(({ key }) => key === demand.key).map(({ entry }) => entry.amount);
    const amount = amounts.reduce((largest, one) => (one > largest ? one : largest), 0n);
    return { ...demand, entry: { ...demand.entry, amount } };
  });
}
