import { formatAmount, instant, parseAmount, type Instant, type MemberId } from '@countersign/kernel';
import type { ApprovalEvent } from './approval.events.ts';
import type { Approval, Counted, Needed } from './approval.state.ts';
import { electorsFor, isInvolved, mayRaise, type Electorate } from './electorate.ts';
import type { ApprovalFacts, Excess } from './facts.ts';
import type { BudgetAsk } from './requirement.ts';

/** What who-may-decide depends on: people, and how far over which caps the action would go. */
export type Deciding = Electorate & Pick<ApprovalFacts, 'excessOf'>;

/** A budget of this requirement's team would be raised by more than the team may. */
function isBeyondTeam({ team }: Needed, approval: Approval, { excessOf }: Deciding): boolean {
  return approval.budgets.some((ask) => ask.team === team && isBeyond(ask, excessOf(ask)));
}

const isBeyond = ({ raiseMax, unit }: BudgetAsk, { amount }: Excess) =>
  raiseMax !== null && amount > parseAmount(unit, raiseMax);

/**
 * Whether the person may decide for a requirement now: they hold the team role, or the queue is too short and they are
 * an owner, or the raise is beyond the team and they are an owner or admin; and nothing bars them.
 */
export function mayDecideFor(member: MemberId, needed: Needed, approval: Approval, deciding: Deciding): boolean {
  if (electorsFor(needed, approval, deciding).has(member)) return true;
  return isBeyondTeam(needed, approval, deciding) && mayRaise(member, approval, deciding);
}

/** Whether the person may decide for any of the teams that were asked. */
export const mayDecide = (member: MemberId, approval: Approval, deciding: Deciding): boolean =>
  approval.requirements.some((needed) => mayDecideFor(member, needed, approval, deciding));

/** Why the person may not decide about the approval, or null. Asked under the lock by whoever judges, and by who shows it. */
export function barOf(
  member: MemberId,
  approval: Approval,
  deciding: Deciding,
): 'approvals.involved' | 'approvals.not_a_decider' | null {
  if (isInvolved(member, approval, deciding)) return 'approvals.involved';
  return mayDecide(member, approval, deciding) ? null : 'approvals.not_a_decider';
}

/**
 * Who of these people count, for each requirement in its order; null unless every requirement is met: by its quorum of
 * different people, and by an owner or admin among them where a cap is to be raised beyond what the team may.
 */
export function countedFor(
  members: readonly MemberId[],
  approval: Approval,
  deciding: Deciding,
): readonly Counted[] | null {
  const counted = approval.requirements.map((needed) => ({
    teams: needed.teams,
    members: [...new Set(members)].filter((member) => mayDecideFor(member, needed, approval, deciding)),
  }));
  const isMet = approval.requirements.every((needed, index) => {
    const counting = counted[index]?.members ?? [];
    const isRaiseMet = () => counting.some((member) => mayRaise(member, approval, deciding));
    return counting.length >= needed.quorum && (!isBeyondTeam(needed, approval, deciding) || isRaiseMet());
  });
  return isMet ? counted : null;
}

/** Approves if the votes that stand complete it: only votes of people who have the right now count. */
export function approvalIfComplete(
  approval: Approval,
  by: MemberId,
  deciding: Deciding,
  at: Instant,
): readonly ApprovalEvent[] {
  const voters = approval.votes.map((vote) => vote.by);
  const counted = countedFor(voters, approval, deciding);
  if (!counted) return [];

  const { approvalId, digest, requirements } = approval;
  const permitExpiresAt = instant(at + Math.min(...requirements.map(({ permitForMs }) => permitForMs)));
  const data = { approvalId, by, digest: digest.value, counted: counted.map(plain), permitExpiresAt };
  return [{ type: 'ApprovalApproved', data }, ...extensionsOf(approval, deciding)];
}

const plain = ({ teams, members }: Counted) => ({ teams: [...teams], members: [...members] });

/** As far over each cap as the action would go now: what people see when they decide. */
function extensionsOf({ approvalId, budgets }: Approval, { excessOf }: Deciding): readonly ApprovalEvent[] {
  return budgets.flatMap((ask): ApprovalEvent[] => {
    const { amount, windowStart, windowEnd } = excessOf(ask);
    if (amount <= 0n) return [];
    const { team: _team, raiseMax: _raiseMax, ...address } = ask;
    const data = { approvalId, ...address, windowStart, windowEnd, amount: formatAmount(ask.unit, amount) };
    return [{ type: 'BudgetExtended', data }];
  });
}
