import type { Approval, Grant } from '@countersign/approvals';
import { findTeam, may, refusalOf, type Member, type Right, type Target } from '@countersign/identity';
import type { AgentId, TeamId } from '@countersign/kernel';
import { attachedAt, commandOf, policyDemand, type Publication } from '@countersign/policy';
import type { StopScope } from '@countersign/stops';
import type { BudgetLine } from '@countersign/surface';
import type { View } from '../request/views.ts';

/** What of an organization a member sees: lists are narrowed by these, and what is left out looks absent. */

const has = ({ standing }: View, right: Right, target: Target) => may(standing, right, target);

export const seesEverything = (view: View): boolean =>
  has(view, 'organization:read', { kind: 'organization', organizationId: view.organizationId });

export const seesTeam = (view: View, teamId: TeamId): boolean =>
  has(view, 'teams:read', { kind: 'team', organizationId: view.organizationId, teamId });

/** An agent, or what one did while it was in that team. */
export const seesAgentsOf = (view: View, teamId: TeamId): boolean =>
  has(view, 'teams:read', { kind: 'agent', organizationId: view.organizationId, teamId });

export const readsArgsOf = (view: View, teamId: TeamId): boolean =>
  has(view, 'args:read', { kind: 'agent', organizationId: view.organizationId, teamId });

export const seesAgent = (view: View, agentId: AgentId): boolean => {
  const agent = view.state.agents.get(agentId);
  return agent !== undefined && seesAgentsOf(view, agent.teamId);
};

type InQueues = Pick<Approval, 'teamId' | 'requirements'>;

/** The teams in whose queues an approval is; a policy may name one that does not exist. */
export const queuesOf = ({ state }: View, { requirements }: Pick<Approval, 'requirements'>): readonly TeamId[] =>
  requirements.flatMap(({ teams }) => teams.flatMap((team) => findTeam(state, team)?.teamId ?? []));

/** An approval is its agent's team's and its queues' to see. */
export const seesApproval = (view: View, approval: InQueues): boolean =>
  seesAgentsOf(view, approval.teamId) || queuesOf(view, approval).some((teamId) => seesTeam(view, teamId));

/** What an approval is about is for the queue to read, too: they have to judge it. */
export const readsArgsOfApproval = (view: View, approval: InQueues): boolean =>
  [approval.teamId, ...queuesOf(view, approval)].some((teamId) => readsArgsOf(view, teamId));

/** A grant is its agent's team's to see, and that of the teams that gave it. */
export function seesGrant(view: View, grant: Pick<Grant, 'agentId' | 'counted'>): boolean {
  return seesAgent(view, grant.agentId) || givingTeams(view, grant).some((teamId) => seesTeam(view, teamId));
}

export function readsConditionOf(view: View, grant: Pick<Grant, 'agentId' | 'counted'>): boolean {
  const own = view.state.agents.get(grant.agentId)?.teamId;
  return [...(own ? [own] : []), ...givingTeams(view, grant)].some((teamId) => readsArgsOf(view, teamId));
}

const givingTeams = ({ state }: View, { counted }: Pick<Grant, 'counted'>): readonly TeamId[] =>
  counted.flatMap(({ teams }) => teams.flatMap((team) => findTeam(state, team)?.teamId ?? []));

export const isSelf = ({ standing }: View, { memberId }: Pick<Member, 'memberId'>): boolean =>
  standing.kind === 'member' && standing.memberId === memberId;

/** Oneself, whoever is in a team that one sees, and for some everybody. */
export const seesMember = (view: View, member: Pick<Member, 'memberId' | 'teams'>): boolean =>
  isSelf(view, member) ||
  seesEverything(view) ||
  (Object.keys(member.teams) as TeamId[]).some((teamId) => seesTeam(view, teamId));

/** Who writes policies reads all; others read what is in force for agents that they see. */
export const seesPolicy = (view: View, name: string): boolean => readsDrafts(view) || isInForceForSeen(view, name);

/** What waits shows a text that is in force nowhere yet: besides who reads those, it is for who may answer it. */
export const seesPublication = (view: View, publication: Publication): boolean =>
  readsDrafts(view) || refusalOf(view.standing, policyDemand(commandOf(publication), view.state)) === null;

const readsDrafts = (view: View): boolean =>
  seesEverything(view) || has(view, 'policies:draft', { kind: 'organization', organizationId: view.organizationId });

function isInForceForSeen(view: View, name: string): boolean {
  const { state, organizationId } = view;
  const isAttached = (layer: 'organization' | 'team' | 'agent', point: string) =>
    attachedAt(state, layer, point).some((attachment) => attachment.name === name);
  return [...state.agents.values()]
    .filter(({ teamId }) => seesAgentsOf(view, teamId))
    .some(
      ({ agentId, teamId }) =>
        isAttached('organization', organizationId) || isAttached('team', teamId) || isAttached('agent', agentId),
    );
}

/** Spend of a team or an agent goes with the agent; of the organization and of users, with the whole. */
export function seesSpend(view: View, { scope, instance }: Pick<BudgetLine, 'scope' | 'instance'>): boolean {
  if (seesEverything(view)) return true;
  if (scope === 'team') return seesAgentsOf(view, instance as TeamId);
  const [agentId = ''] = instance.split('/');
  return (scope === 'agent' || scope === 'run') && seesAgent(view, agentId as AgentId);
}

/** A stop that covers everybody is everybody's to see. */
export function seesStop(view: View, scope: StopScope): boolean {
  switch (scope.kind) {
    case 'organization':
      return true;
    case 'agent':
      return seesAgent(view, scope.agentId);
    case 'team':
      return seesTeam(view, scope.teamId);
    case 'intent':
      return scope.teamId === null || seesTeam(view, scope.teamId);
  }
}
