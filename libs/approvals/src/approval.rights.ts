import type { OperationRights } from '@countersign/identity';
import type { ApprovalCommand } from './approval.commands.ts';

const decide = { right: 'approvals:decide', on: ['team'] } as const;

/**
 * What each command asks of whoever gives it. Which team that is, and who of it is too close to the action, depends on
 * the approval: `decideApproval` judges it under the lock.
 */
export const approvalRights = {
  DecideApproval: decide,
  RetractVote: decide,
  ClaimApproval: decide,
  UnclaimApproval: decide,
  CommentOnApproval: decide,
  AskAgent: decide,
  AnswerQuestion: { right: null, why: 'the agent that asked answers, by its key' },
  EditApproval: decide,
  WithdrawApproval: decide,
  RevokeGrant: decide,
} as const satisfies OperationRights<ApprovalCommand['type']>;
