import { mayDecideFor, mayRevoke, type Approval, type Deciding, type Grant, type Needed } from '@countersign/approvals';
import { effectiveDeadline } from '@countersign/approvals';
import { electorateOf } from '@countersign/decisions';
import { showHidden } from '@countersign/json';
import type { MemberId } from '@countersign/kernel';
import type { SeenApproval } from '@countersign/surface';
import type { View } from '../request/views.ts';
import { readsArgsOfApproval, readsConditionOf, seesAgentsOf } from '../rights/sight.ts';
import type { AgentCardType, PermitType, RequirementType } from './approval-parts.types.ts';
import type { ApprovalType } from './approval.types.ts';
import type { GrantType } from './grant.types.ts';
import { memberNode, personNode, teamNode } from './nodes.ts';

/** Approvals and grants as the schema tells them. */

export function approvalNode(view: View, seen: SeenApproval): ApprovalType {
  const { approval, status, deadline } = seen;
  return {
    id: approval.approvalId,
    state: status,
    decisionIds: approval.decisions,
    team: teamNode(view, approval.teamId),
    intent: approval.intent,
    target: showHidden(approval.target),
    digest: approval.digest.value,
    openedAt: approval.openedAt,
    deadline,
    settledBy: personNode(view, approval.settledBy),
    claimedBy: personNode(view, approval.claimedBy),
    permit: permitNode(seen),
    hasArgs: readsArgsOfApproval(view, approval),
    seen,
    view,
  };
}

const permitStates = { approved: 'waiting', taken: 'taken', withdrawn: 'withdrawn', lapsed: 'lapsed' } as const;

function permitNode({ approval: { permit }, status }: SeenApproval): PermitType | null {
  if (permit === null || !(status in permitStates)) return null;
  return { state: permitStates[status as keyof typeof permitStates], expiresAt: permit.expiresAt };
}

/** The agent, for its own team; and for the queue, as long as there is something to decide or to take back. */
export function cardNode(view: View, { approval, status }: SeenApproval): AgentCardType | null {
  const agent = view.state.agents.get(approval.agentId);
  if (!agent || !isOpenTo(view, approval, status)) return null;
  const { profile } = agent;
  return {
    id: agent.agentId,
    name: agent.name,
    status: agent.status,
    team: teamNode(view, agent.teamId),
    ownedBy: personNode(view, (profile.owner ?? null) as MemberId | null),
    deputy: profile.deputy ?? null,
    purpose: profile.purpose ?? null,
    environment: profile.environment,
    riskClass: profile.riskClass,
    labels: profile.labels,
    instructionsUrl: profile.instructionsUrl ?? null,
  };
}

export const isOpenTo = (view: View, { teamId }: Approval, status: SeenApproval['status']): boolean =>
  status === 'pending' || status === 'approved' || seesAgentsOf(view, teamId);

export function requirementNode(
  view: View,
  { approval, stops }: SeenApproval,
  needed: Needed,
  deciding: Deciding,
): RequirementType {
  const voters = new Set(approval.votes.map(({ by }) => by));
  const entitled = [...view.state.members.values()].filter(
    ({ memberId, status }) => status === 'active' && mayDecideFor(memberId, needed, approval, deciding),
  );
  const { escalate } = needed;
  return {
    team: needed.team,
    teams: needed.teams,
    quorum: needed.quorum,
    requiresReason: needed.requireReason !== null,
    neverAutoApprove: needed.neverAutoApprove,
    escalatesAt:
      escalate && effectiveDeadline(stops, { openedAt: approval.openedAt, expiresAt: escalate.at }, view.now),
    escalatesTo: escalate?.team ?? null,
    counted: entitled.filter(({ memberId }) => voters.has(memberId)).map((member) => memberNode(view, member)),
    mayStillDecide: entitled.filter(({ memberId }) => !voters.has(memberId)).map((member) => memberNode(view, member)),
  };
}

export function grantNode(view: View, grant: Grant): GrantType {
  const givers = [...new Set(grant.counted.flatMap(({ members }) => members))];
  return {
    id: grant.grantId,
    state: grantState(grant, view),
    agentId: grant.agentId,
    agentName: view.state.agents.get(grant.agentId)?.name ?? grant.agentId,
    approvalId: grant.approvalId,
    pattern: showHidden(grant.pattern),
    when: readsConditionOf(view, grant) ? grant.when : null,
    usesLeft: grant.usesLeft,
    maxUsd: grant.maxUsd,
    usdLeft: grant.usdLeft,
    expiresAt: grant.expiresAt,
    givenBy: givers.flatMap((giver) => personNode(view, giver) ?? []),
    canRevoke: canRevoke(view, grant),
  };
}

/** Its time is over whether or not anybody has recorded it. */
export const grantState = ({ status, expiresAt }: Grant, { now }: Pick<View, 'now'>): Grant['status'] =>
  status === 'standing' && now >= expiresAt ? 'lapsed' : status;

function canRevoke(view: View, grant: Grant): boolean {
  const { standing, state, now } = view;
  if (standing.kind !== 'member' || grantState(grant, view) !== 'standing') return false;
  const isNamed = standing.tokenRights === null || standing.tokenRights.includes('approvals:decide');
  return isNamed && mayRevoke(standing.memberId, grant, electorateOf(state, grant.agentId, now));
}
