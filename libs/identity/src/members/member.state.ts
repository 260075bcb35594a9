import {
  TrackedMap,
  unreachable,
  type Instant,
  type InvitationId,
  type MemberId,
  type TeamId,
} from '@countersign/kernel';
import type { OrganizationRole, TeamRole } from '../rights/roles.ts';
import type { MemberEvent, TeamMembership } from './member.events.ts';

export type TeamRoles = Readonly<Record<TeamId, TeamRole>>;

/** A person's membership. It outlives their leaving, so that whoever returns is the same member to every report. */
export interface Member {
  readonly memberId: MemberId;
  readonly userId: string;
  readonly status: 'active' | 'left';
  readonly role: OrganizationRole;
  readonly teams: TeamRoles;
  /** When they last joined. Personal tokens made before that belong to an earlier membership and are worth nothing. */
  readonly since: Instant;
}

export interface Invitation {
  readonly invitationId: InvitationId;
  readonly status: 'open' | 'accepted' | 'revoked' | 'expired';
  /** Null once it is closed: there is no more use for somebody's address. */
  readonly email: string | null;
  readonly role: OrganizationRole;
  readonly teams: readonly TeamMembership[];
  readonly tokenHash: string;
  readonly expiresAt: Instant;
  readonly invitedBy: MemberId | null;
  readonly acceptedBy: MemberId | null;
}

export interface MembersState {
  readonly members: TrackedMap<MemberId, Member>;
  readonly invitations: TrackedMap<InvitationId, Invitation>;
}

export const emptyMembers = (): MembersState => ({ members: new TrackedMap(), invitations: new TrackedMap() });

/** Records what happened, into the state given. Judging belongs to `decide`, so this never refuses. */
export function evolveMembers(state: MembersState, event: MemberEvent): void {
  switch (event.type) {
    case 'MemberInvited':
      state.invitations.set(event.data.invitationId, { ...event.data, status: 'open', acceptedBy: null });
      return;
    case 'InvitationRevoked':
      close(state, event.data.invitationId, { status: 'revoked' });
      return;
    case 'InvitationExpired':
      close(state, event.data.invitationId, { status: 'expired' });
      return;
    case 'MemberJoined':
      join(state, event.data);
      return;
    case 'OwnershipTransferred':
      change(state, event.data.to, { role: 'owner' });
      change(state, event.data.from, { role: 'admin' });
      return;
    default:
      evolveMember(state, event);
  }
}

type AboutOne = Extract<MemberEvent, { data: { memberId: MemberId } }>;

function evolveMember(state: MembersState, event: Exclude<AboutOne, { type: 'MemberJoined' }>): void {
  const { memberId } = event.data;
  switch (event.type) {
    case 'MemberRoleChanged':
      change(state, memberId, { role: event.data.role });
      return;
    case 'MemberTeamRoleChanged': {
      const teams = state.members.get(memberId)?.teams;
      change(state, memberId, { teams: { ...teams, [event.data.teamId]: event.data.role } });
      return;
    }
    case 'MemberLeftTeam': {
      const { [event.data.teamId]: _, ...teams } = state.members.get(memberId)?.teams ?? {};
      change(state, memberId, { teams });
      return;
    }
    case 'MemberRemoved':
    case 'MemberLeft':
      change(state, memberId, { status: 'left', teams: {} });
      return;
    default:
      unreachable(event);
  }
}

function join(state: MembersState, joined: Extract<MemberEvent, { type: 'MemberJoined' }>['data']): void {
  const { memberId, userId, invitationId, role, at } = joined;
  const teams: TeamRoles = Object.fromEntries(joined.teams.map((team) => [team.teamId, team.role]));
  state.members.set(memberId, { memberId, userId, status: 'active', role, teams, since: at });
  close(state, invitationId, { status: 'accepted', acceptedBy: memberId });
}

function close({ invitations }: MembersState, id: InvitationId, changes: Partial<Invitation>): void {
  const known = invitations.get(id);
  if (known) invitations.set(id, { ...known, ...changes, email: null });
}

function change({ members }: MembersState, id: MemberId, changes: Partial<Member>): void {
  const known = members.get(id);
  if (known) members.set(id, { ...known, ...changes });
}
