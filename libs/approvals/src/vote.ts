import { accepted, rejected, type Decided, type Instant, type MemberId } from '@countersign/kernel';
import type { ApprovalCommandOf } from './approval.commands.ts';
import type { ApprovalEvent } from './approval.events.ts';
import type { ApprovalRejection } from './approval.rejections.ts';
import type { Approval, Vote } from './approval.state.ts';
import { afterEvent } from './evolve.ts';
import type { ApprovalFacts } from './facts.ts';
import { grantIfSupported, offerRefusal } from './grant.giving.ts';
import { areSameTerms } from './grant.terms.ts';
import { approvalIfComplete, mayDecideFor } from './settlement.ts';

export type ApprovalDecision = Decided<ApprovalEvent, ApprovalRejection>;
type DecideApproval = ApprovalCommandOf<'DecideApproval'>;

/** An answer on a pending approval, by somebody who may give it. One denial denies; approvals wait for their quorum. */
export function vote(
  command: DecideApproval,
  approval: Approval,
  facts: ApprovalFacts,
  { by, at }: { readonly by: MemberId; readonly at: Instant },
): ApprovalDecision {
  const refusal = refusalOf(command, approval, facts, by);
  if (refusal) return rejected(refusal);
  return accepted(...(command.verdict === 'deny' ? denial(command, by) : assent(command, approval, facts, { by, at })));
}

function refusalOf(
  { digest, reason, verdict, grant }: DecideApproval,
  approval: Approval,
  facts: ApprovalFacts,
  by: MemberId,
): ApprovalRejection | null {
  if (digest !== approval.digest.value) return { code: 'approvals.changed', digest: approval.digest.value };
  if (reason === null && mustGiveReason(by, approval, facts)) return { code: 'approvals.reason_required' };
  return verdict === 'approve' && grant !== null ? offerRefusal(approval, grant.terms, facts) : null;
}

/** Only requirements that the person decides for can ask a reason of them. */
export const mustGiveReason = (by: MemberId, approval: Approval, facts: ApprovalFacts): boolean =>
  approval.requirements.some((needed) => needed.requireReason !== null && mayDecideFor(by, needed, approval, facts));

function denial({ approvalId, digest, reason, feedback }: DecideApproval, by: MemberId): readonly ApprovalEvent[] {
  return [
    { type: 'ApprovalVoted', data: { approvalId, by, verdict: 'deny', digest, reason, grant: null } },
    { type: 'ApprovalDenied', data: { approvalId, by, feedback } },
  ];
}

/** Answering twice the same is answering once; the second may still complete what has come to have its quorum since. */
function assent(
  { approvalId, digest, reason, grant }: DecideApproval,
  approval: Approval,
  facts: ApprovalFacts,
  { by, at }: { readonly by: MemberId; readonly at: Instant },
): readonly ApprovalEvent[] {
  const terms = grant?.terms ?? null;
  const isRepeat = isStanding(approval.votes, by, terms);
  const cast: readonly ApprovalEvent[] = isRepeat
    ? []
    : [{ type: 'ApprovalVoted', data: { approvalId, by, verdict: 'approve', digest, reason, grant: terms } }];
  const counted = isRepeat ? approval : withVote(approval, { by, grant: terms });
  const approved = approvalIfComplete(counted, by, facts, at);
  if (approved.length === 0 || !grant || !facts.grantable) return [...cast, ...approved];

  const giving = { ...grant, grantable: facts.grantable };
  return [...cast, ...approved, ...grantIfSupported(counted, giving, facts, at)];
}

const isStanding = (votes: readonly Vote[], by: MemberId, terms: Vote['grant']) =>
  votes.some((each) => each.by === by && areSameTerms(each.grant, terms));

const withVote = (approval: Approval, { by, grant }: Vote): Approval =>
  afterEvent(approval, {
    type: 'ApprovalVoted',
    data: {
      approvalId: approval.approvalId,
      by,
      verdict: 'approve',
      digest: approval.digest.value,
      reason: null,
      grant,
    },
  });

/**
 * An answer on an approval that is settled. Repeating what one answered is no error; anybody else is told who settled
 * it, and how: of two who answer at once exactly one settles.
 */
export function voteTooLate(command: DecideApproval, approval: Approval, by: MemberId): ApprovalDecision {
  const { status, settledBy, digest } = approval;
  const isSame = command.verdict === 'deny' ? hasDenied(approval, by) : hasApproved(command, approval, by);
  return isSame && command.digest === digest.value
    ? accepted()
    : rejected({ code: 'approvals.already_settled', as: status, by: settledBy });
}

const hasDenied = ({ status, settledBy }: Approval, by: MemberId) => status === 'denied' && settledBy === by;

/** Withdrawn or lapsed since, it is not what they want any more. */
const hasApproved = ({ grant }: DecideApproval, { status, votes }: Approval, by: MemberId) =>
  (status === 'approved' || status === 'taken') && isStanding(votes, by, grant?.terms ?? null);
