export { ApprovalCommand, approvalCommands } from './approval.commands.ts';
export { decideApproval } from './approval.decider.ts';
export { approvalEvents, type ApprovalEvent } from './approval.events.ts';
export { approvalRejectionCodes, type ApprovalRejection, type BlockingReason } from './approval.rejections.ts';
export { approvalRights } from './approval.rights.ts';
export {
  emptyApprovals,
  PENDING_MAX,
  pendingOf,
  type Approval,
  type ApprovalsState,
  type ApprovalStatus,
  type Counted,
  type Needed,
  type Permit,
  type Vote,
} from './approval.state.ts';
export { approvalStream, grantStream, streamOfApprovalEvent } from './approval.stream.ts';
export { differencesBetween, type Difference } from './difference.ts';
export { cancelAsk, findEqualAsk, openApproval, takePermit, tooManyPending, type Ask } from './asks.ts';
export { dueOf, escalatedAt, nextDueAt, statusAt } from './due.ts';
export { electorsFor, isInvolved, isQueueShort, type Electorate, type People } from './electorate.ts';
export { peopleOf } from './people.ts';
export { evolveApprovals, useGrant } from './evolve.ts';
export type { ApprovalFacts, Excess, Grantable, Redecision } from './facts.ts';
export { grantCovering, grantReason, lapsedGrants, type CoverQuestion, type GrantGround } from './grant.covering.ts';
export { mayRevoke } from './grant.decider.ts';
export { wantsPeopleEveryTime } from './grant.giving.ts';
export { prefilledTerms } from './grant.prefill.ts';
export type { Grant, GrantStatus } from './grant.state.ts';
export { GrantTerms } from './grant.terms.ts';
export { likenessOf } from './likeness.ts';
export { permitCodes, type PermitCode } from './permit.codes.ts';
export { answerTake, extensionsOf, shortfallToday, type TakeAnswer } from './permit.ts';
export { BudgetAsk, BudgetExtension, Digest, Requirement } from './requirement.ts';
export { barOf, countedFor, mayDecide, mayDecideFor, type Deciding } from './settlement.ts';
export { effectiveDeadline, stoppedMsBetween, type StoppedTime } from './stop-clock.ts';
