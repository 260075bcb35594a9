import { TrackedMap, type AgentId, type ApprovalId, type DecisionId, type GrantId } from '@countersign/kernel';
import type { Instant, MemberId, QuestionId, TeamId } from '@countersign/kernel';
import type { Grant } from './grant.state.ts';
import type { GrantTerms } from './grant.terms.ts';
import type { BudgetAsk, BudgetExtension, Digest, Requirement } from './requirement.ts';

/** `pending` is undecided, `approved` has a permit that waits to be taken; the others are final. */
export type ApprovalStatus =
  'pending' | 'approved' | 'denied' | 'expired' | 'cancelled' | 'taken' | 'withdrawn' | 'lapsed';

/** A requirement, and the teams whose people may meet it: the one that was asked, and those it escalated to. */
export interface Needed extends Omit<Requirement, 'expiresAt'> {
  readonly teams: readonly string[];
}

/** An approval that stands. A denial settles, so only approvals of it are kept; their words are in the events. */
export interface Vote {
  readonly by: MemberId;
  readonly grant: GrantTerms | null;
}

/** Who counted for which teams when an approval completed: first the team that was asked, then those it escalated to. */
export interface Counted {
  readonly teams: readonly string[];
  readonly members: readonly MemberId[];
}

/** The right to take the action of the approval's digest, once. */
export interface Permit {
  /** The first instant at which it cannot be taken any more. Stops do not move it. */
  readonly expiresAt: Instant;
  readonly counted: readonly Counted[];
  /** How much its take may go over which caps. */
  readonly extensions: readonly BudgetExtension[];
  /** The take that has it. */
  readonly takeId: string | null;
}

/**
 * What later decisions need to know of one approval. Plain JSON, and of what people and agents wrote only the target:
 * the rest is in the events, where it can be erased.
 */
export interface Approval {
  readonly approvalId: ApprovalId;
  /** The asks it answers: the one that opened it, then those that joined and were not cancelled. */
  readonly decisions: readonly DecisionId[];
  readonly agentId: AgentId;
  /** The agent's team when it asked; with intent and target, all that says which stops covered it since. */
  readonly teamId: TeamId;
  readonly intent: string;
  readonly target: string;
  readonly onBehalfOf: MemberId | null;
  /** Who was too close to the agent when it asked, and stays so whatever they give up since; absent for nobody. */
  readonly involved?: readonly MemberId[] | undefined;
  /** The action as it was asked. */
  readonly asked: Digest;
  /** The action that is decided on: as asked, or as last edited. */
  readonly digest: Digest;
  readonly requirements: readonly Needed[];
  readonly budgets: readonly BudgetAsk[];
  readonly openedAt: Instant;
  /** As if no stop had been: the time that stops cover comes on top and is derived, so a stop touches no rows. */
  readonly expiresAt: Instant;
  readonly status: ApprovalStatus;
  /** By whom it was settled or withdrawn; null for what nobody did. */
  readonly settledBy: MemberId | null;
  readonly votes: readonly Vote[];
  readonly permit: Permit | null;
  readonly claimedBy: MemberId | null;
  readonly questions: readonly { readonly questionId: QuestionId; readonly answerId: string | null }[];
  /** The share of its time, in percent, at which it last reminded. */
  readonly reminded: 0 | 50 | 90;
}

export interface ApprovalsState {
  readonly approvals: TrackedMap<ApprovalId, Approval>;
  readonly grants: TrackedMap<GrantId, Grant>;
}

export const emptyApprovals = (): ApprovalsState => ({ approvals: new TrackedMap(), grants: new TrackedMap() });

/** At most so many asks of one agent may wait at a time, unless somebody says otherwise. */
export const PENDING_MAX = 20;

/** The asks of one agent that wait. Reads the rows that are there: the caller has loaded all that are pending. */
export function pendingOf({ approvals }: ApprovalsState, agentId: AgentId): readonly Approval[] {
  return [...approvals.values()].filter((each) => each.agentId === agentId && each.status === 'pending');
}
