import type { HoldEntry } from '@countersign/budgets';
import { chargedEntries, type OutcomeReported } from '@countersign/decisions';
import { formatAmount, type Unit } from '@countersign/kernel';

/**
 * What a hold came to, for its agent. Every budget of a unit was charged the same action, so one of them says it: the
 * one charged most, because a budget added by an extension counts only its part.
 */
export function settledByUnit(
  entries: readonly HoldEntry[],
  { charged }: OutcomeReported,
): Readonly<Record<string, string>> {
  const byBudget = new Map<string, { readonly unit: Unit; readonly sum: bigint }>();
  for (const { policy, budget, scope, unit, settled } of chargedEntries(entries, charged)) {
    const key = JSON.stringify([policy, budget, scope, unit]);
    byBudget.set(key, { unit, sum: (byBudget.get(key)?.sum ?? 0n) + settled });
  }
  const most = new Map<Unit, bigint>();
  for (const { unit, sum } of byBudget.values()) if (sum > (most.get(unit) ?? -1n)) most.set(unit, sum);
  return Object.fromEntries([...most].map(([unit, sum]) => [unit, formatAmount(unit, sum)]));
}
