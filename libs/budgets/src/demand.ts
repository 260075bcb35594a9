import type { Instant } from '@countersign/kernel';
import type { Calendar } from './calendar.ts';
import { counterKey, type CounterKey } from './counter.ts';
import type { HoldEntry } from './hold.ts';
import type { Window } from './window.ts';
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
  return { demands: hasTwins(demands) ? levelled(demands) : demands, missing };
}

/** Whether two demands meet in one counter. Budgets are few, and a set costs more than looking. */
export function hasTwins(demands: readonly Demand[]): boolean {
  for (let one = 1; one < demands.length; one += 1)
    for (let other = 0; other < one; other += 1) if (demands[one]?.key === demands[other]?.key) return true;
  return false;
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
  const instance = instanceOf(budget.scope, ask.subject);
  const amount = ask.amounts[budget.unit] ?? budget.assume ?? 0n;
  const { key, entry } = entryOf(budget, { start, end }, instance, amount);
  return { budget, key, entry, subject: ask.subject };
}

type Entry = Pick<Demand, 'key' | 'entry'>;

/**
 * What each budget last demanded. Nearly every action names the same counter again and many ask for the same amount;
 * writing the key costs more than judging, and an entry that is shared is kept once for all open holds.
 */
const lastEntries = new WeakMap<SelectedBudget, Entry>();

function entryOf(budget: SelectedBudget, { start, end }: Window, instance: string, amount: bigint): Entry {
  const last = lastEntries.get(budget);
  const isSameCounter = last?.entry.instance === instance && last.entry.windowStart === start;
  if (isSameCounter && last.entry.amount === amount && last.entry.windowEnd === end) return last;

  const { policy, name, scope, unit, window } = budget;
  const entry = { policy, budget: name, scope, instance, unit, window, windowStart: start, windowEnd: end, amount };
  const made = { key: isSameCounter ? last.key : counterKey(entry), entry };
  lastEntries.set(budget, made);
  return made;
}

/** Demands on one counter ask for the same amount, so that whichever cap is lower judges all that will be held. */
function levelled<Budget extends SelectedBudget>(demands: readonly Demand<Budget>[]): readonly Demand<Budget>[] {
  return demands.map((demand) => {
    const amounts = demands.filter(({ key }) => key === demand.key).map(({ entry }) => entry.amount);
    const amount = amounts.reduce((largest, one) => (one > largest ? one : largest), 0n);
    return { ...demand, entry: { ...demand.entry, amount } };
  });
}
