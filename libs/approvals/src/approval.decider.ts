import { accepted, rejected, unreachable, type Instant, type MemberId } from '@countersign/kernel';
import type { ApprovalCommand, ApprovalCommandOf } from './approval.commands.ts';
import type { Approval, ApprovalsState } from './approval.state.ts';
import { personOf } from './caller.ts';
import { answer, converse } from './conversation.ts';
import { expiredAt, statusAt } from './due.ts';
import { edit } from './edit.ts';
import { mayComment } from './electorate.ts';
import type { ApprovalFacts } from './facts.ts';
import { revokeGrant } from './grant.decider.ts';
import { barOf } from './settlement.ts';
import { vote, voteTooLate, type ApprovalDecision } from './vote.ts';

type OfApproval = Exclude<ApprovalCommand, { type: 'RevokeGrant' }>;
type OfPerson = Exclude<OfApproval, { type: 'AnswerQuestion' }>;
type OfDecider = Exclude<OfPerson, { type: 'CommentOnApproval' }>;

/** Who commands, and when. */
interface Command {
  readonly by: MemberId;
  readonly at: Instant;
}

/**
 * What may happen to approvals and grants, judged under the organization's head lock. Events of one approval, and of the
 * grant given beside it; `streamOfApprovalEvent` says where each belongs. What `dueOf` names at this instant is to be
 * appended first; that a time has run out is judged here in any case.
 *
 * No agent decides anything (I4): the one command an agent may give is an answer to a question about its own ask.
 */
export function decideApproval(
  command: ApprovalCommand,
  state: ApprovalsState,
  facts: ApprovalFacts,
  at: Instant,
): ApprovalDecision {
  if (command.type === 'RevokeGrant') return revokeGrant(command, state, facts, at);
  const approval = state.approvals.get(command.approvalId);
  if (command.type === 'AnswerQuestion') return decideAnswer(command, approval, facts, at);

  const person = personOf(facts.by);
  if (!person.isPerson) return rejected(person.refusal);
  const { by } = person;
  // Who is no member of this organization learns nothing of what is in it.
  if (!approval || facts.people.roleOf(by) === null) return rejected({ code: 'approvals.not_found' });
  if (command.type !== 'CommentOnApproval') return decideAsDecider(command, approval, facts, { by, at });

  // Those involved may speak for the action; they may not decide it.
  if (!mayComment(by, approval.requirements, facts)) return rejected({ code: 'approvals.not_a_decider' });
  const { approvalId, text } = command;
  return accepted({ type: 'ApprovalCommented', data: { approvalId, by, text } });
}

function decideAnswer(
  command: ApprovalCommandOf<'AnswerQuestion'>,
  approval: Approval | undefined,
  { by: { actor }, stops }: ApprovalFacts,
  at: Instant,
): ApprovalDecision {
  if (actor.kind !== 'agent') return rejected({ code: 'approvals.agent_only' });
  if (approval?.agentId !== actor.id) return rejected({ code: 'approvals.not_found' });
  return answer(command, { ...approval, status: statusAt(approval, stops, at) }, approval.agentId);
}

function decideAsDecider(
  command: OfDecider,
  approval: Approval,
  facts: ApprovalFacts,
  { by, at }: Command,
): ApprovalDecision {
  const bar = barOf(by, approval, facts);
  if (bar) return rejected({ code: bar });

  const status = statusAt(approval, facts.stops, at);
  if (command.type === 'WithdrawApproval') return withdraw(command, { ...approval, status }, by);
  if (status !== 'pending') return tooLate(command, { ...approval, status }, facts, { by, at });
  switch (command.type) {
    case 'DecideApproval':
      return vote(command, approval, facts, { by, at });
    case 'EditApproval':
      return edit(command, approval, facts, { by, at });
    case 'RetractVote':
    case 'ClaimApproval':
    case 'UnclaimApproval':
    case 'AskAgent':
      return converse(command, approval, by);
    default:
      return unreachable(command);
  }
}

function tooLate(
  command: OfDecider,
  approval: Approval,
  { stops }: ApprovalFacts,
  { by, at }: Command,
): ApprovalDecision {
  const over = expiredAt(approval, stops, at);
  if (approval.status === 'expired' && over !== null) return rejected({ code: 'approvals.expired', expiredAt: over });
  if (command.type === 'DecideApproval') return voteTooLate(command, approval, by);
  return rejected({ code: 'approvals.already_settled', as: approval.status, by: approval.settledBy });
}

/** Possible until it is taken; whoever might have denied it may. */
function withdraw(
  { approvalId, reason }: ApprovalCommandOf<'WithdrawApproval'>,
  { status }: Approval,
  by: MemberId,
): ApprovalDecision {
  if (status === 'withdrawn') return accepted();
  if (status !== 'approved') return rejected({ code: 'approvals.not_approved', as: status });
  return accepted({ type: 'ApprovalWithdrawn', data: { approvalId, by, reason } });
}
