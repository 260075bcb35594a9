import { ApprovalId, GrantId, QuestionId } from '@countersign/kernel';
import { z } from 'zod';
import { GrantTerms } from './grant.terms.ts';

const Words = z.string().min(1).max(4_096);
const Reason = Words.nullable().default(null);

/** The value of the digest of the action that the person has before them: a vote never slides over to another action. */
const Seen = z.string().min(1).max(200);

export const DecideApproval = z.strictObject({
  type: z.literal('DecideApproval'),
  approvalId: ApprovalId,
  verdict: z.enum(['approve', 'deny']),
  digest: Seen,
  /** Why; a policy may require it. */
  reason: Reason,
  /** With a denial: what the agent may read. */
  feedback: Words.nullable().default(null),
  /** With an approval: a grant beside the permit. Given when the same terms have the votes that the ask needs. */
  grant: z.strictObject({ grantId: GrantId, terms: GrantTerms }).nullable().default(null),
});

export const RetractVote = z.strictObject({ type: z.literal('RetractVote'), approvalId: ApprovalId });

export const ClaimApproval = z.strictObject({ type: z.literal('ClaimApproval'), approvalId: ApprovalId });

export const UnclaimApproval = z.strictObject({ type: z.literal('UnclaimApproval'), approvalId: ApprovalId });

export const CommentOnApproval = z.strictObject({
  type: z.literal('CommentOnApproval'),
  approvalId: ApprovalId,
  text: Words,
});

export const AskAgent = z.strictObject({
  type: z.literal('AskAgent'),
  approvalId: ApprovalId,
  questionId: QuestionId,
  text: Words,
});

/** `answerId` is what makes it idempotent: the agent's own, or a digest of the text. */
export const AnswerQuestion = z.strictObject({
  type: z.literal('AnswerQuestion'),
  approvalId: ApprovalId,
  questionId: QuestionId,
  answerId: z.string().min(1).max(200),
  text: Words,
});

/** Approves with other arguments. What they make of the action is decided again, and comes as a fact. */
export const EditApproval = z.strictObject({
  type: z.literal('EditApproval'),
  approvalId: ApprovalId,
  digest: Seen,
  args: z.record(z.string(), z.unknown()),
  reason: Reason,
});

export const WithdrawApproval = z.strictObject({
  type: z.literal('WithdrawApproval'),
  approvalId: ApprovalId,
  reason: Reason,
});

export const RevokeGrant = z.strictObject({ type: z.literal('RevokeGrant'), grantId: GrantId, reason: Reason });

/** Each schema, for surfaces that let people leave out what they do not type. */
export const approvalCommands = {
  DecideApproval,
  RetractVote,
  ClaimApproval,
  UnclaimApproval,
  CommentOnApproval,
  AskAgent,
  EditApproval,
  WithdrawApproval,
  RevokeGrant,
} as const;

export const ApprovalCommand = z.discriminatedUnion('type', [
  DecideApproval,
  RetractVote,
  ClaimApproval,
  UnclaimApproval,
  CommentOnApproval,
  AskAgent,
  AnswerQuestion,
  EditApproval,
  WithdrawApproval,
  RevokeGrant,
]);
export type ApprovalCommand = z.infer<typeof ApprovalCommand>;
export type ApprovalCommandOf<Type extends ApprovalCommand['type']> = Extract<ApprovalCommand, { type: Type }>;
