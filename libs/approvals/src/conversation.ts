import { accepted, rejected, unreachable, type AgentId, type MemberId } from '@countersign/kernel';
import type { ApprovalCommandOf } from './approval.commands.ts';
import type { Approval } from './approval.state.ts';
import type { ApprovalDecision } from './vote.ts';

/** An agent answers at its own pace; people who ask more than this are better served by a denial with feedback. */
export const QUESTIONS_MAX = 20;

type Talking = ApprovalCommandOf<'RetractVote' | 'ClaimApproval' | 'UnclaimApproval' | 'AskAgent'>;

/** What somebody who may decide does with a pending approval short of deciding. Doing it twice is doing it once. */
export function converse(command: Talking, approval: Approval, by: MemberId): ApprovalDecision {
  const { approvalId, claimedBy, votes } = approval;
  switch (command.type) {
    case 'RetractVote':
      if (!votes.some((each) => each.by === by)) return accepted();
      return accepted({ type: 'VoteRetracted', data: { approvalId, by } });
    case 'ClaimApproval':
      if (claimedBy === by) return accepted();
      if (claimedBy !== null) return rejected({ code: 'approvals.claimed', by: claimedBy });
      return accepted({ type: 'ApprovalClaimed', data: { approvalId, by } });
    case 'UnclaimApproval':
      // Anybody who may decide: whoever claimed it may have gone home. A claim tells others, it binds nobody.
      return claimedBy === null ? accepted() : accepted({ type: 'ApprovalUnclaimed', data: { approvalId, by } });
    case 'AskAgent':
      return ask(command, approval, by);
    default:
      return unreachable(command);
  }
}

function ask(
  { approvalId, questionId, text }: ApprovalCommandOf<'AskAgent'>,
  { questions }: Approval,
  by: MemberId,
): ApprovalDecision {
  if (questions.some((each) => each.questionId === questionId)) return accepted();
  if (questions.length >= QUESTIONS_MAX) return rejected({ code: 'approvals.too_many_questions' });
  return accepted({ type: 'QuestionAsked', data: { approvalId, questionId, by, text } });
}

/** The same answer twice is one; another one is refused, because people may have judged by the first. */
export function answer(
  { approvalId, questionId, answerId, text }: ApprovalCommandOf<'AnswerQuestion'>,
  { questions, status }: Approval,
  agentId: AgentId,
): ApprovalDecision {
  const question = questions.find((each) => each.questionId === questionId);
  if (!question) return rejected({ code: 'approvals.question_not_found' });
  if (question.answerId === answerId) return accepted();
  if (question.answerId !== null) return rejected({ code: 'approvals.already_answered' });
  // Nobody reads it any more, and an agent that was late did nothing wrong.
  if (status !== 'pending') return accepted();
  return accepted({ type: 'QuestionAnswered', data: { approvalId, questionId, agentId, answerId, text } });
}
