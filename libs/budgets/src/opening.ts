import { formatAmount, parseSum, type Instant } from '@countersign/kernel';
import type { BudgetEvent } from './budget.events.ts';
import type { Calendar } from './calendar.ts';
import { counterKey, type Movement } from './counter.ts';
import { instanceOf, type Amounts, type SelectedBudget, type Subject } from './selected-budget.ts';

/** An allow or a take that the new budget's `match` selects, as it stands when the budget is added. */
export interface PastAction {
  readonly at: Instant;
  readonly subject: Subject;
  /** What it was settled at; what is held, while it still runs; nothing, once released. */
  readonly amounts: Amounts;
}

/**
 * What actions that a budget counts from now on came to in its current windows. Holds still open count as spent, as if they had
 * expired, because they will never settle in a budget that did not exist when they were made.
 */
export function openingOf(
  budget: SelectedBudget,
  past: Iterable<PastAction>,
  calendar: Calendar,
  now: Instant,
): Extract<BudgetEvent, { type: 'BudgetOpened' }> {
  const { policy, version, name, scope, unit, window } = budget;
  const { start, end } = calendar.windowOf(window, now);
  const spent = new Map<string, bigint>();
  for (const { at, subject, amounts } of budget.startNow ? [] : past) {
    if (at < start) continue;
    const instance = instanceOf(scope, subject);
    spent.set(instance, (spent.get(instance) ?? 0n) + (amounts[unit] ?? budget.assume ?? 0n));
  }
  const counters = [...spent].map(([instance, amount]) => ({
    instance,
    windowStart: start,
    windowEnd: end,
    spent: formatAmount(unit, amount),
  }));
  return { type: 'BudgetOpened', data: { policy, version, budget: name, scope, unit, window, counters } };
}

/** The movements of an opening. What the counters have counted and hold already stays as it is. */
export function movementsOfOpening({ data }: Extract<BudgetEvent, { type: 'BudgetOpened' }>): readonly Movement[] {
  const { policy, budget, scope, unit, window } = data;
  return data.counters.map(({ instance, windowStart, spent }) => ({
    key: counterKey({ policy, budget, scope, unit, window, instance, windowStart }),
    spent: parseSum(unit, spent),
    held: 0n,
  }));
}
