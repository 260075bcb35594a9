import type { SelectedBudget } from './selected-budget.ts';

/** Shares arrive as decimals such as 0.5; a millionth of a cap is finer than anyone warns at. */
const MILLIONTHS = 1_000_000;

/** Which of a budget's `warnAt` shares its use has just reached: more is used after than before. */
export function warningsCrossed(
  { cap, warnAt }: Pick<SelectedBudget, 'cap' | 'warnAt'>,
  usedBefore: bigint,
  usedAfter: bigint,
): readonly number[] {
  const reaches = (used: bigint, share: number) =>
    used * BigInt(MILLIONTHS) >= cap * BigInt(Math.round(share * MILLIONTHS));
  return warnAt.filter((share) => reaches(usedAfter, share) && !reaches(usedBefore, share));
}

/** Over a fifth of the cap was never reported: the team is warned, because what it sees is only presumed. */
export function isMostlyPresumed(cap: bigint, unreported: bigint): boolean {
  return unreported * 5n > cap;
}
