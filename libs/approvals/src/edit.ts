import { accepted, instant, rejected, type Instant, type MemberId } from '@countersign/kernel';
import type { ApprovalCommandOf } from './approval.commands.ts';
import type { ApprovalEventOf } from './approval.events.ts';
import type { Approval } from './approval.state.ts';
import { afterEvent } from './evolve.ts';
import type { ApprovalFacts, Redecision } from './facts.ts';
import type { Requirement } from './requirement.ts';
import { mayDecide, mayDecideFor } from './settlement.ts';
import { stoppedMsBetween } from './stop-clock.ts';
import { mustGiveReason, vote, type ApprovalDecision } from './vote.ts';

type Permitted = Exclude<Redecision, { verdict: 'block' }>;
type Edited = ApprovalEventOf<'ApprovalEdited'>;

interface Editing {
  readonly by: MemberId;
  readonly at: Instant;
}

/**
 * Approves with other arguments: the edited action, as it was decided again, stands in place of the one before; votes
 * on that one are gone; and the editor's is the first on the new one, where they may decide for it.
 */
export function edit(
  { approvalId, digest, reason }: ApprovalCommandOf<'EditApproval'>,
  approval: Approval,
  facts: ApprovalFacts,
  { by, at }: Editing,
): ApprovalDecision {
  const { redecided } = facts;
  if (digest !== approval.digest.value) return rejected({ code: 'approvals.changed', digest: approval.digest.value });
  if (!redecided) throw new Error('an edited action is judged before the edit is');
  if (redecided.verdict === 'block') return rejected({ code: 'approvals.edit_blocked', reasons: redecided.reasons });

  const data: Edited = { approvalId, by, ...redecided, ...onItsClock(redecided, approval, facts, { by, at }) };
  const edited = afterEvent(approval, { type: 'ApprovalEdited', data });
  if (reason === null && mustGiveReason(by, edited, facts)) return rejected({ code: 'approvals.reason_required' });
  if (!mayDecide(by, edited, facts)) return accepted({ type: 'ApprovalEdited', data });

  const command = { verdict: 'approve', digest: edited.digest.value, reason, feedback: null, grant: null } as const;
  const voted = vote({ type: 'DecideApproval', approvalId, ...command }, edited, facts, { by, at });
  return voted.outcome === 'rejected' ? voted : accepted({ type: 'ApprovalEdited', data }, ...voted.events);
}

/**
 * The requirements of the edited action on the approval's clock, from which stops until now are taken off again by
 * whoever reads it. An edit buys no time: the agent was told until when it has an answer.
 */
function onItsClock(
  redecided: Permitted,
  approval: Approval,
  facts: ApprovalFacts,
  { by, at }: Editing,
): Pick<Edited, 'requirements' | 'expiresAt'> {
  const stoppedMs = stoppedMsBetween(facts.stops, approval.openedAt, at);
  const earlier = (when: Instant) => instant(when - stoppedMs);
  const requirements = requirementsOf(redecided, approval, facts, by).map(
    ({ expiresAt, escalate, ...requirement }) => ({
      ...requirement,
      expiresAt: earlier(expiresAt),
      escalate: escalate && { ...escalate, at: earlier(escalate.at) },
    }),
  );
  const expiresAt = Math.min(approval.expiresAt, ...requirements.map((requirement) => requirement.expiresAt));
  return { requirements, expiresAt: instant(expiresAt) };
}

/** What policies allow by themselves once edited needs the editor and nobody else: the agent could just ask for it. */
function requirementsOf(
  { verdict, requirements, expiresAt }: Permitted,
  approval: Approval,
  facts: ApprovalFacts,
  by: MemberId,
): readonly Requirement[] {
  if (verdict === 'ask') return requirements;
  const own = approval.requirements.find((needed) => mayDecideFor(by, needed, approval, facts));
  if (!own) return requirements;
  const { teams: _, ...requirement } = own;
  return [{ ...requirement, quorum: 1, escalate: null, expiresAt }];
}
