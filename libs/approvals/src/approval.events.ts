import { AgentId, ApprovalId, GrantId, Instant, MemberId, QuestionId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';
import { GrantTerms } from './grant.terms.ts';
import { Amount, BudgetAsk, BudgetExtension, Digest, Requirement } from './requirement.ts';

const Words = z.string().max(4_096);

/** Who counted for which teams when it completed. Entries follow the order of the requirements. */
const Counted = z.strictObject({ teams: z.array(z.string()), members: z.array(MemberId) });

const EditVerdict = z.enum(['allow', 'ask']);

/**
 * What happens to an approval after the ask that opened it: stream `approval-<id>`; and to grants: stream `grant-<id>`.
 *
 * Permanent shapes: a payload may gain an optional field, anything else is a new type. What opens, cancels and takes is
 * an event of the decision, because a decision and its money are one event.
 */
export const approvalEvents = {
  /** A person's answer, in place of the one they gave before. `digest` is the action they judged. */
  ApprovalVoted: z.strictObject({
    approvalId: ApprovalId,
    by: MemberId,
    verdict: z.enum(['approve', 'deny']),
    digest: z.string(),
    reason: Words.nullable(),
    grant: GrantTerms.nullable(),
  }),
  VoteRetracted: z.strictObject({ approvalId: ApprovalId, by: MemberId }),
  /** Every requirement is met. The permit is for the action of `digest`, once, before `permitExpiresAt`. */
  ApprovalApproved: z.strictObject({
    approvalId: ApprovalId,
    /** Whose vote completed it. */
    by: MemberId,
    digest: z.string(),
    counted: z.array(Counted),
    permitExpiresAt: Instant,
  }),
  /** One denial denies. The agent may read `feedback`. */
  ApprovalDenied: z.strictObject({ approvalId: ApprovalId, by: MemberId, feedback: Words.nullable() }),
  /** Nobody decided in time, time under stops not counted: denied. */
  ApprovalExpired: z.strictObject({ approvalId: ApprovalId, expiredAt: Instant }),
  ApprovalClaimed: z.strictObject({ approvalId: ApprovalId, by: MemberId }),
  ApprovalUnclaimed: z.strictObject({ approvalId: ApprovalId, by: MemberId }),
  ApprovalCommented: z.strictObject({ approvalId: ApprovalId, by: MemberId, text: Words }),
  QuestionAsked: z.strictObject({ approvalId: ApprovalId, questionId: QuestionId, by: MemberId, text: Words }),
  QuestionAnswered: z.strictObject({
    approvalId: ApprovalId,
    questionId: QuestionId,
    agentId: AgentId,
    answerId: z.string(),
    text: Words,
  }),
  /**
   * A person changed the arguments, and the action with them was decided again: it stands in place of the one before,
   * and the votes on that one are gone. Times on the approval's own clock, which stands still under stops.
   */
  ApprovalEdited: z.strictObject({
    approvalId: ApprovalId,
    by: MemberId,
    /** Absent when a policy records digests only. */
    args: z.record(z.string(), z.unknown()).optional(),
    /** Paths whose content was hidden before recording. */
    redacted: z.array(z.string()).optional(),
    digest: Digest,
    verdict: EditVerdict,
    /** The position of the configuration that judged. */
    epoch: z.number().int(),
    reasons: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    requirements: z.array(Requirement),
    budgets: z.array(BudgetAsk),
    expiresAt: Instant,
  }),
  /** People of `to` may now decide beside those of `team`. */
  ApprovalEscalated: z.strictObject({ approvalId: ApprovalId, team: z.string(), to: z.string() }),
  /** Half, or nine tenths, of the time is over. */
  ApprovalReminded: z.strictObject({ approvalId: ApprovalId, share: z.union([z.literal(50), z.literal(90)]) }),
  /** Approved, not taken, and taken back by a person. */
  ApprovalWithdrawn: z.strictObject({ approvalId: ApprovalId, by: MemberId, reason: Words.nullable() }),
  /** The permit is void: its time is over, or a policy of today blocks what it was for. */
  PermitLapsed: z.strictObject({ approvalId: ApprovalId, why: z.enum(['time', 'policy']), lapsedAt: Instant }),
  /** Raises one budget's cap in one window, for the take of this approval's permit and for nothing else. */
  BudgetExtended: BudgetExtension.extend({ approvalId: ApprovalId }),
  /** A standing permission, given by the votes of `counted` on these very terms. */
  GrantGiven: z.strictObject({
    grantId: GrantId,
    approvalId: ApprovalId,
    agentId: AgentId,
    onBehalfOf: MemberId.nullable(),
    counted: z.array(Counted),
    /** The rules that asked: as `rulesThatAsked` of the policy library says them. Any that changes ends the grant. */
    rules: z.array(z.string()),
    pattern: z.string(),
    when: z.string().nullable(),
    uses: z.number().int(),
    maxUsd: Amount,
    expiresAt: Instant,
  }),
  GrantRevoked: z.strictObject({ grantId: GrantId, by: MemberId, reason: Words.nullable() }),
  GrantLapsed: z.strictObject({
    grantId: GrantId,
    why: z.enum(['time', 'rule', 'giver', 'stop']),
    lapsedAt: Instant,
  }),
} as const;

export type ApprovalEvent = EventOf<typeof approvalEvents>;
export type ApprovalEventOf<Type extends ApprovalEvent['type']> = Extract<ApprovalEvent, { type: Type }>['data'];
