import type { Instant } from '@countersign/kernel';
import { counterKey, type CounterAddress, type Movement } from './counter.ts';
import type { Amounts } from './selected-budget.ts';

/** An amount set aside in one window of one budget, and in no other for ever. */
export interface HoldEntry extends CounterAddress {
  readonly windowEnd: Instant | null;
  readonly amount: bigint;
}

/** How an entry ended. Unreported means that nobody said what it cost, and the held amount was presumed spent. */
export interface SettledEntry extends HoldEntry {
  readonly settled: bigint;
  readonly isReported: boolean;
}

/** The movements of an allow or a take. */
export function movementsOfHold(entries: readonly HoldEntry[]): readonly Movement[] {
  return entries.map((entry) => ({ key: counterKey(entry), spent: 0n, held: entry.amount }));
}

/** The movements that end a hold, however it ended. */
export function movementsOfEnd(entries: readonly SettledEntry[]): readonly Movement[] {
  return entries.map((entry) => ({ key: counterKey(entry), spent: entry.settled, held: -entry.amount }));
}

/**
 * Ends a hold at what the action really cost, more than was held included. Units the report leaves out are settled at
 * the held amount and marked unreported.
 *
 * An extension leaves a budget several entries: they fill in their order, and the last takes what remains or overruns.
 */
export function settle(entries: readonly HoldEntry[], actual: Amounts): readonly SettledEntry[] {
  const left = new Map<string, bigint>();
  return entries.map((entry, index) => {
    const total = actual[entry.unit];
    if (total === null) return presume(entry);

    const budget = budgetOf(entry);
    const rest = left.get(budget) ?? total;
    const isLast = !entries.slice(index + 1).some((later) => budgetOf(later) === budget);
    const settled = isLast || rest < entry.amount ? rest : entry.amount;
    left.set(budget, rest - settled);
    return { ...entry, settled, isReported: true };
  });
}

/** Gives everything back: the action never started. */
export function release(entries: readonly HoldEntry[]): readonly SettledEntry[] {
  return entries.map((entry) => ({ ...entry, settled: 0n, isReported: true }));
}

/** Nobody reported in time: what was authorized is presumed spent. */
export function expire(entries: readonly HoldEntry[]): readonly SettledEntry[] {
  return entries.map(presume);
}

/** Restates an ended hold at what it really cost: the same windows, whenever the correction comes. */
export function correct(entries: readonly SettledEntry[], actual: Amounts): readonly SettledEntry[] {
  return settle(entries, actual).map((entry, index) =>
    // What a correction leaves out stays as it was.
    actual[entry.unit] === null ? (entries[index] ?? entry) : entry,
  );
}

/** The movements from an ended hold to its correction. Both list the same entries in the same order. */
export function movementsOfCorrection(
  before: readonly SettledEntry[],
  after: readonly SettledEntry[],
): readonly Movement[] {
  return after.map((entry, index) => ({
    key: counterKey(entry),
    spent: entry.settled - (before[index]?.settled ?? 0n),
    held: 0n,
  }));
}

const presume = (entry: HoldEntry): SettledEntry => ({ ...entry, settled: entry.amount, isReported: false });

const budgetOf = ({ policy, budget, scope, unit, instance }: HoldEntry) =>
  `${policy}/${budget}/${scope}/${unit}/${instance}`;
