import { approvalCommands, GrantTerms } from '@countersign/approvals';
import { depthOf, type JsonValue } from '@countersign/json';
import { QuestionId } from '@countersign/kernel';
import { z } from 'zod';

/** As much as an agent may send: beyond it nobody could judge what they approve. */
const ARGS_BYTES_MAX = 64 * 1_024;
const ARGS_DEPTH_MAX = 32;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSmall = (args: unknown) => Buffer.byteLength(JSON.stringify(args) ?? '') <= ARGS_BYTES_MAX;
const isShallow = (args: unknown) => depthOf(args as JsonValue) <= ARGS_DEPTH_MAX;

const Args = z
  .custom<Record<string, unknown>>(isObject, 'must be an object')
  .refine(isShallow, { params: { code: 'field.too_large' }, message: `must be at most ${ARGS_DEPTH_MAX} deep` })
  .refine(isSmall, { params: { code: 'field.too_large' }, message: `must be at most ${ARGS_BYTES_MAX} bytes of JSON` });

const { DecideApproval, AskAgent, EditApproval, ...others } = approvalCommands;

/** What people do about approvals as it arrives: without the ids that are made for them. */
export const WireApprovalCommand = z.discriminatedUnion('type', [
  DecideApproval.extend({ grant: GrantTerms.nullable().default(null) }),
  /** Whoever names the question may send it twice. */
  AskAgent.extend({ questionId: QuestionId.optional() }),
  EditApproval.extend({ args: Args }),
  others.RetractVote,
  others.ClaimApproval,
  others.UnclaimApproval,
  others.CommentOnApproval,
  others.WithdrawApproval,
  others.RevokeGrant,
]);
export type WireApprovalCommand = z.infer<typeof WireApprovalCommand>;
