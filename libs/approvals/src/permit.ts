import type { Instant } from '@countersign/kernel';
import type { Approval, ApprovalStatus } from './approval.state.ts';
import { statusAt } from './due.ts';
import { isInvolved, isMetBy, type Electorate } from './electorate.ts';
import type { PermitCode } from './permit.codes.ts';
import type { BudgetExtension } from './requirement.ts';
import type { StoppedTime } from './stop-clock.ts';

/** What a permit says to an attempt to take it. */
export type TakeAnswer =
  /** The take goes on: stops, rates, budgets and today's policies are judged next, by whoever asked. */
  | { readonly answer: 'free' }
  /** The same take again: it gets what it got. */
  | { readonly answer: 'repeat' }
  /** `isConflict`: no verdict on the action, but a caller that is mistaken about where it stands. */
  | { readonly answer: 'refused'; readonly code: PermitCode; readonly isConflict: boolean };

interface Taking {
  readonly takeId: string;
  /** The digest of the full action as about to run, computed with a salt. */
  readonly digestOf: (salt: string) => string;
}

/**
 * Whether this take may have the permit: at most one take ever has it, and only for exactly what was approved, an edit
 * included (I5). Pure; that the permit is taken is recorded by the event that holds the money.
 */
export function answerTake(
  approval: Approval,
  { takeId, digestOf }: Taking,
  stops: readonly StoppedTime[],
  at: Instant,
): TakeAnswer {
  const status = statusAt(approval, stops, at);
  const { salt, value } = approval.digest;
  const isSame = () => digestOf(salt) === value;
  if (status === 'approved')
    return isSame() ? { answer: 'free' } : { answer: 'refused', code: 'permit.mismatch', isConflict: false };
  if (status !== 'taken' || approval.permit?.takeId !== takeId) return conflict(refusals[status]);
  return isSame() ? { answer: 'repeat' } : conflict('permit.mismatch');
}

const refusals: Readonly<Record<Exclude<ApprovalStatus, 'approved'>, PermitCode>> = {
  pending: 'permit.none',
  denied: 'permit.none',
  expired: 'permit.none',
  cancelled: 'permit.none',
  taken: 'permit.taken',
  withdrawn: 'permit.withdrawn',
  lapsed: 'permit.lapsed',
};

const conflict = (code: PermitCode): TakeAnswer => ({ answer: 'refused', code, isConflict: true });

/**
 * Why the votes that approved it do not carry what today's policies ask at the take, or null. Who counted for a team then
 * counts for it still; for teams that were not asked then, those count who may decide for them now. Nobody counts who
 * has come too close to the agent since: else who approved could issue a key and take the permit with it.
 */
export function shortfallToday(
  approval: Approval,
  requirements: readonly { readonly team: string; readonly quorum: number }[],
  electorate: Electorate,
): PermitCode | null {
  const counted = (approval.permit?.counted ?? []).map(({ teams, members }) => ({
    teams,
    members: members.filter((member) => !isInvolved(member, approval, electorate)),
  }));
  const isCarried = approval.requirements.every(({ quorum }, index) => (counted[index]?.members.length ?? 0) >= quorum);
  if (!isCarried) return 'permit.not_met';
  const areMet = requirements.every((asked) => isMetBy(asked, counted, approval, electorate));
  return areMet ? null : 'permit.not_met';
}

/** How much the take of this permit may go over which caps. They die with the permit. */
export const extensionsOf = ({ status, permit }: Approval): readonly BudgetExtension[] =>
  status === 'approved' ? (permit?.extensions ?? []) : [];
