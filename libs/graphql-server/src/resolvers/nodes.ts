import type { Agent, AgentKey } from '@countersign/agents';
import { settingsOf, type Invitation, type Member, type TeamRole } from '@countersign/identity';
import type { Instant, MemberId, TeamId } from '@countersign/kernel';
import { confirmersOf, type Publication, type PublishedPolicy } from '@countersign/policy';
import type { Stop } from '@countersign/stops';
import { nameOfPoint, nameOfScope, pointOf, type BudgetLine } from '@countersign/surface';
import type { View } from '../request/views.ts';
import { isSelf, seesEverything, seesTeam } from '../rights/sight.ts';
import type { AgentKeyType, AgentType, BudgetType, PolicyType, PublicationType, StopType } from './inventory.types.ts';
import type { InvitationType, MemberType, OrganizationType, TeamRoleType, TeamType } from './organization.types.ts';

/** Rows of the state as the schema tells them. */

export function organizationNode(view: View): OrganizationType {
  const self = view.state.organization.get('self');
  return {
    id: view.organizationId,
    name: self?.name ?? '',
    timeZone: self?.zones.at(-1)?.zone ?? 'UTC',
    position: view.position,
    settings: settingsOf(view.state),
    view,
  };
}

export const teamNode = ({ state }: View, teamId: TeamId): TeamType => ({
  id: teamId,
  name: state.teams.get(teamId)?.name ?? teamId,
});

const teamRole = (view: View, teamId: TeamId, role: TeamRole): TeamRoleType => ({ team: teamNode(view, teamId), role });

export const memberNode = (view: View, member: Member): MemberType => ({
  id: member.memberId,
  role: member.role,
  teams: (Object.entries(member.teams) as [TeamId, TeamRole][])
    .filter(([teamId]) => isSelf(view, member) || seesTeam(view, teamId))
    .map(([teamId, role]) => teamRole(view, teamId, role)),
  since: member.since,
  userId: member.userId,
  isKnown: isSelf(view, member) || seesEverything(view),
});

/** Whoever did or owns something, members of old included; null for nobody. */
export function personNode(view: View, memberId: MemberId | null): MemberType | null {
  const member = memberId === null ? undefined : view.state.members.get(memberId);
  return member ? memberNode(view, member) : null;
}

export const invitationNode = (view: View, invitation: Invitation): InvitationType => ({
  id: invitation.invitationId,
  email: invitation.email ?? '',
  role: invitation.role,
  teams: invitation.teams.map(({ teamId, role }) => teamRole(view, teamId, role)),
  expiresAt: invitation.expiresAt,
  invitedById: invitation.invitedBy,
});

export function agentNode(view: View, { agentId, name, status, teamId, profile }: Agent): AgentType {
  const keys = [...view.state.agentKeys.values()].filter((key) => key.agentId === agentId);
  return {
    id: agentId,
    name,
    status,
    team: teamNode(view, teamId),
    owner: profile.owner ?? null,
    ownedBy: personNode(view, (profile.owner ?? null) as MemberId | null),
    deputy: profile.deputy ?? null,
    purpose: profile.purpose ?? null,
    environment: profile.environment,
    riskClass: profile.riskClass,
    labels: profile.labels,
    instructionsUrl: profile.instructionsUrl ?? null,
    inServiceFrom: profile.inServiceFrom ?? null,
    inServiceTo: profile.inServiceTo ?? null,
    keys: keys.map((key) => keyNode(view, key)),
  };
}

const keyNode = (
  { now }: View,
  { keyId, prefix, scopes, expiresAt, boundUser, isRevoked }: AgentKey,
): AgentKeyType => ({
  id: keyId,
  prefix,
  scopes,
  expiresAt,
  boundUser,
  status: isRevoked ? 'revoked' : statusAt(expiresAt, now),
});

const statusAt = (expiresAt: Instant | null, now: Instant) =>
  expiresAt !== null && expiresAt <= now ? 'expired' : 'active';

export const policyNode = ({ state }: View, { name, version, document }: PublishedPolicy): PolicyType => ({
  name,
  version,
  document,
  attachments: [...state.attachments.values()]
    .filter((attachment) => attachment.name === name)
    .map(({ layer, point }) => ({ layer, point, name: nameOfPoint(layer, point, state) })),
});

export function publicationNode({ state }: View, publication: Publication): PublicationType {
  const { publicationId, name, baseVersion, change, by, at } = publication;
  const point = pointOf(publication, state);
  return {
    id: publicationId,
    kind: change.kind,
    policy: name,
    baseVersion,
    document: change.kind === 'publish' ? change.document : null,
    note: change.kind === 'publish' ? change.note : null,
    attachment: point && { layer: point.layer, point: point.id, name: point.name },
    proposedById: by.kind === 'member' ? by.id : null,
    proposedAt: at,
    confirmerIds: confirmersOf(publication, state),
  };
}

export const budgetNode = (line: BudgetLine): BudgetType => ({
  ...line,
  windowStart: Date.parse(line.windowStart) as Instant,
  windowEnd: line.windowEnd === null ? null : (Date.parse(line.windowEnd) as Instant),
});

export const stopNode = (view: View, { stopId, scope, reason, by, rank, placedAt }: Stop): StopType => ({
  id: stopId,
  kind: scope.kind,
  scopeName: nameOfScope(scope, view.state),
  teamId: 'teamId' in scope ? scope.teamId : null,
  agentId: 'agentId' in scope ? scope.agentId : null,
  pattern: 'pattern' in scope ? scope.pattern : null,
  reason,
  placedById: by.kind === 'member' ? by.id : null,
  rank,
  placedAt,
  view,
});
