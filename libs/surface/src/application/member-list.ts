import { Configurations, type EnforcementState } from '@countersign/decisions';
import { invitationStatus, type Invitation, type Member, type TeamRole } from '@countersign/identity';
import { People, type Person } from '@countersign/identity/people';
import { toIso, type Instant, type OrganizationId, type TeamId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { MoneyRows } from '../adapters/money-rows.ts';

/** A role in a team, by the team's name. */
export interface TeamRoleForPeople {
  readonly team: { readonly id: string; readonly name: string };
  readonly role: TeamRole;
}

export interface MemberForPeople {
  readonly id: string;
  /** Null for a person who no longer exists. */
  readonly name: string | null;
  readonly email: string | null;
  readonly role: string;
  readonly teams: readonly TeamRoleForPeople[];
  readonly since: string;
}

export interface InvitationForPeople {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly teams: readonly TeamRoleForPeople[];
  readonly expiresAt: string;
  /** By name; null for the operator. */
  readonly invitedBy: string | null;
}

/** Who belongs to an organization, and who is invited to. */
@Injectable()
export class MemberList {
  constructor(
    private readonly configurations: Configurations,
    private readonly people: People,
    private readonly money: MoneyRows,
  ) {}

  /** Those who have not left, the longest there first. */
  async members(organizationId: OrganizationId): Promise<readonly MemberForPeople[]> {
    const { state } = await this.configurations.read(organizationId);
    const members = [...state.members.values()].filter(({ status }) => status === 'active');
    const persons = await this.people.find(members.map(({ userId }) => userId));
    return members
      .sort((one, other) => one.since - other.since)
      .map((member) => memberForPeople(member, persons.get(member.userId), state));
  }

  /** Those that are open, the first to expire first. */
  async invitations(organizationId: OrganizationId): Promise<readonly InvitationForPeople[]> {
    const [{ state }, now] = await Promise.all([this.configurations.read(organizationId), this.money.now()]);
    const open = openInvitations(state, now);
    const givers = open.flatMap(({ invitedBy }) => (invitedBy && state.members.get(invitedBy)?.userId) ?? []);
    const persons = await this.people.find(givers);
    return open.map((invitation) => {
      const giver = invitation.invitedBy && state.members.get(invitation.invitedBy);
      return invitationForPeople(invitation, giver ? (persons.get(giver.userId)?.name ?? giver.memberId) : null, state);
    });
  }
}

export const openInvitations = ({ invitations }: EnforcementState, now: Instant): readonly Invitation[] =>
  [...invitations.values()]
    .filter((invitation) => invitationStatus(invitation, now) === 'open')
    .sort((one, other) => one.expiresAt - other.expiresAt);

const memberForPeople = (
  { memberId, role, teams, since }: Member,
  person: Person | undefined,
  state: EnforcementState,
): MemberForPeople => ({
  id: memberId,
  name: person?.name ?? null,
  email: person?.email ?? null,
  role,
  teams: Object.entries(teams).map(([teamId, teamRole]) => teamRoleOf(teamId as TeamId, teamRole, state)),
  since: toIso(since),
});

const invitationForPeople = (
  { invitationId, email, role, teams, expiresAt }: Invitation,
  invitedBy: string | null,
  state: EnforcementState,
): InvitationForPeople => ({
  id: invitationId,
  email: email ?? '',
  role,
  teams: teams.map((team) => teamRoleOf(team.teamId, team.role, state)),
  expiresAt: toIso(expiresAt),
  invitedBy,
});

const teamRoleOf = (teamId: TeamId, role: TeamRole, { teams }: EnforcementState): TeamRoleForPeople => ({
  team: { id: teamId, name: teams.get(teamId)?.name ?? teamId },
  role,
});
