import type { AgentId, ApprovalId, DecisionId, Instant, MemberId, TeamId } from '@countersign/kernel';
import { PENDING_MAX, type Approval, type ApprovalsState, type Needed } from './approval.state.ts';
import type { PermitCode } from './permit.codes.ts';
import type { BudgetAsk, Digest, Requirement } from './requirement.ts';

/** What a decision that asks people says. Every field comes from its event and the instant it was recorded at. */
export interface Ask {
  readonly approvalId: ApprovalId;
  readonly decisionId: DecisionId;
  readonly agentId: AgentId;
  /** The agent's team as the decision recorded it. */
  readonly teamId: TeamId;
  readonly intent: string;
  /** As it was recorded: redacted where a policy wants it, and empty for none. */
  readonly target: string;
  readonly onBehalfOf: MemberId | null;
  /** The agent's owner and deputy and the issuers of its live keys as it asked; absent for nobody. */
  readonly involved?: readonly MemberId[] | undefined;
  readonly digest: Digest;
  readonly requirements: readonly Requirement[];
  readonly budgets: readonly BudgetAsk[];
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
}

/** Records that a decision asked: opens its approval, or joins the one that is pending under the same id. */
export function openApproval({ approvals }: ApprovalsState, ask: Ask): void {
  const known = approvals.get(ask.approvalId);
  if (known) approvals.set(ask.approvalId, joinedBy(known, ask));
  else approvals.set(ask.approvalId, approvalOf(ask));
}

/** By the key that joins, somebody else may be close to it. */
function joinedBy(known: Approval, { decisionId, involved = [] }: Ask): Approval {
  const all = [...new Set([...(known.involved ?? []), ...involved])];
  return { ...known, decisions: [...known.decisions, decisionId], ...(all.length > 0 && { involved: all }) };
}

function approvalOf({ decisionId, digest, requirements, involved = [], ...ask }: Ask): Approval {
  return {
    ...ask,
    ...(involved.length > 0 && { involved }),
    decisions: [decisionId],
    asked: digest,
    digest,
    requirements: requirements.map(neededOf),
    status: 'pending',
    settledBy: null,
    votes: [],
    permit: null,
    claimedBy: null,
    questions: [],
    reminded: 0,
  };
}

export const neededOf = ({ expiresAt: _, ...requirement }: Requirement): Needed => ({
  ...requirement,
  teams: [requirement.team],
});

/** Records that an agent took one of its asks back. The approval ends when nobody asks any more. */
export function cancelAsk({ approvals }: ApprovalsState, approvalId: ApprovalId, decisionId: DecisionId): void {
  const approval = approvals.get(approvalId);
  if (approval?.status !== 'pending') return;
  const decisions = approval.decisions.filter((each) => each !== decisionId);
  // The last one stays in the row, so that it still says whose it was.
  approvals.set(approvalId, decisions.length > 0 ? { ...approval, decisions } : { ...approval, status: 'cancelled' });
}

/** Records that the permit was taken, by the event that holds the money. */
export function takePermit({ approvals }: ApprovalsState, approvalId: ApprovalId, takeId: string): void {
  const approval = approvals.get(approvalId);
  if (approval?.status !== 'approved' || !approval.permit) return;
  approvals.set(approvalId, { ...approval, status: 'taken', permit: { ...approval.permit, takeId } });
}

/**
 * The pending approval that an equal ask joins: one approval, one permit. `digestOf` computes the digest of the new
 * action with a given salt, so equal means equal in all that a digest covers. An edited one is joined too: who asks
 * again for what was edited gets what people made of it. At most as many digests as the agent has pending asks.
 */
export function findEqualAsk(pending: readonly Approval[], digestOf: (salt: string) => string): Approval | undefined {
  return pending.find(({ status, asked }) => status === 'pending' && digestOf(asked.salt) === asked.value);
}

/** Why the agent may open no further approval, or null. Joining one that waits is always possible. */
export const tooManyPending = (pending: readonly Approval[], most = PENDING_MAX): PermitCode | null =>
  pending.length >= most ? 'approvals.too_many' : null;
