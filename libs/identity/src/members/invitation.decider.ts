import { accepted, instant, rejected, type Decided, type Instant, type TeamId } from '@countersign/kernel';
import { findTeam } from '../organization.state.ts';
import { canDecide, holdsRole, holdsTeamRole } from '../rights/covering.ts';
import { refusalOf } from '../rights/operation.ts';
import type { TeamRole } from '../rights/roles.ts';
import type { Standing } from '../rights/standing.ts';
import type { MemberCommand } from './member.commands.ts';
import type { MemberEvent, TeamMembership } from './member.events.ts';
import { invitationStatus, memberOfUser, standingOfMemberId, type PeopleState } from './member.queries.ts';
import type { MemberRejection } from './member.rejections.ts';
import { memberDemand } from './member.rights.ts';
import type { Invitation, Member } from './member.state.ts';

type Decision = Decided<MemberEvent, MemberRejection>;
type Of<Type> = Extract<MemberCommand, { type: Type }>;

/** An invitation that waits longer is worth more to whoever finds it than to whom it was sent. */
const EXPIRY_MAX_MILLISECONDS = 30 * 24 * 60 * 60_000;
/** A sweep records no more at once, so that it holds the organization's lock briefly. */
const EXPIRIES_MAX = 500;

export function invite(command: Of<'InviteMember'>, state: PeopleState, standing: Standing, at: Instant): Decision {
  const refusal = refusalOf(standing, memberDemand(command, state)) ?? givingRefusal(command, state, standing);
  if (refusal) return rejected(refusal);
  if (command.expiresAt <= at || command.expiresAt > instant(at + EXPIRY_MAX_MILLISECONDS))
    return rejected({ code: 'identity.invitation_expiry' });

  const earlier = [...state.invitations.values()].filter(
    ({ status, email }) => status === 'open' && email === command.email,
  );
  if (earlier.some((invitation) => invitationStatus(invitation, at) === 'open'))
    return rejected({ code: 'identity.already_invited' });

  const { type: _type, teams: _teams, ...facts } = command;
  const invitedBy = standing.kind === 'member' ? standing.memberId : null;
  return accepted(...earlier.map(expiryOf), {
    type: 'MemberInvited',
    data: { ...facts, teams: [...membershipsOf(command, state)], invitedBy },
  });
}

/** What is wrong with what would be given, whoever it is given to. */
function givingRefusal({ role, teams }: Of<'InviteMember'>, state: PeopleState, standing: Standing) {
  const unknown = teams.find(({ team }) => !findTeam(state, team));
  if (unknown) return { code: 'identity.team_not_found', team: unknown.team } as const;
  if (!holdsRole(standing, role)) return { code: 'identity.role_not_held', role } as const;
  const notHeld = teams.find((team) => !holdsTeamRole(standing, team.role));
  if (notHeld) return { code: 'identity.role_not_held', role: notHeld.role } as const;
  return teams.some((team) => !mayBe(role, team.role))
    ? ({ code: 'identity.role_never_decides', role } as const)
    : null;
}

/** Whether somebody with that organization role may be that in a team. */
export const mayBe = (role: Invitation['role'], teamRole: TeamRole) => teamRole === 'none' || canDecide(role);

/** A team that is named twice, by its id and its name, counts once, as it was named last. */
function membershipsOf({ teams }: Of<'InviteMember'>, state: PeopleState): readonly TeamMembership[] {
  const roles = new Map<TeamId, TeamRole>();
  for (const { team, role } of teams) {
    const known = findTeam(state, team);
    if (known) roles.set(known.teamId, role);
  }
  return [...roles].map(([teamId, role]) => ({ teamId, role }));
}

export function revoke(command: Of<'RevokeInvitation'>, state: PeopleState, standing: Standing, at: Instant): Decision {
  const refusal = refusalOf(standing, memberDemand(command, state));
  if (refusal) return rejected(refusal);
  const invitation = state.invitations.get(command.invitationId);
  if (!invitation) return rejected({ code: 'identity.invitation_not_found' });
  if (!holdsRole(standing, invitation.role)) return rejected({ code: 'identity.role_not_held', role: invitation.role });
  if (invitation.status === 'accepted') return rejected({ code: 'identity.invitation_closed', status: 'accepted' });
  // Whoever revokes wants it closed: closed it is.
  if (invitation.status !== 'open') return accepted();

  const { invitationId } = invitation;
  return invitationStatus(invitation, at) === 'open'
    ? accepted({ type: 'InvitationRevoked', data: { invitationId } })
    : accepted(expiryOf(invitation));
}

export function accept(command: Of<'AcceptInvitation'>, state: PeopleState, at: Instant): Decision {
  const invitation = [...state.invitations.values()].find(({ tokenHash }) => tokenHash === command.tokenHash);
  if (!invitation) return rejected({ code: 'identity.invitation_not_found' });
  const known = memberOfUser(state, command.userId);
  if (isMemberBy(invitation, known)) return accepted();

  const refusal = invitationRefusal(command, invitation, state, at) ?? personRefusal(command, known, state);
  if (refusal) return rejected(refusal);
  const { invitationId, role, teams } = invitation;
  // Whoever returns is who they were: as somebody new they could decide what their own agents asked.
  const memberId = known?.memberId ?? command.memberId;
  return accepted({
    type: 'MemberJoined',
    data: { memberId, userId: command.userId, invitationId, role, teams: [...teams], at },
  });
}

/** Accepting twice is accepting once, while it lasts. */
const isMemberBy = (invitation: Invitation, known: Member | undefined) =>
  known?.status === 'active' && known.memberId === invitation.acceptedBy;

function invitationRefusal(
  { email }: Of<'AcceptInvitation'>,
  invitation: Invitation,
  state: PeopleState,
  at: Instant,
): MemberRejection | null {
  const status = invitationStatus(invitation, at);
  if (status !== 'open') return { code: 'identity.invitation_closed', status };
  if (invitation.email !== email) return { code: 'identity.invitation_for_another' };
  return isStillGiven(invitation, state) ? null : { code: 'identity.invitation_void' };
}

function personRefusal(
  { memberId }: Of<'AcceptInvitation'>,
  known: Member | undefined,
  { members }: PeopleState,
): MemberRejection | null {
  if (!known) return members.has(memberId) ? { code: 'identity.member_id_taken' } : null;
  return known.status === 'active' ? { code: 'identity.already_member', memberId: known.memberId } : null;
}

/** An admin who was removed, or made less, must not come back through what they sent out before. */
function isStillGiven({ invitedBy, role }: Invitation, state: PeopleState): boolean {
  const self = state.organization.get('self');
  if (invitedBy === null || !self) return invitedBy === null;
  const giver = standingOfMemberId(invitedBy, state, null);
  const targets = [{ kind: 'organization', organizationId: self.organizationId }] as const;
  const asks = { right: 'organization:manage', on: ['organization'] } as const;
  return refusalOf(giver, { asks, targets }) === null && holdsRole(giver, role);
}

/** What is past due and open, as recorded; the oldest expiry first. */
export function expireDue(state: PeopleState, at: Instant): Decision {
  const due = [...state.invitations.values()]
    .filter((invitation) => invitation.status === 'open' && invitationStatus(invitation, at) === 'expired')
    .sort((one, other) => one.expiresAt - other.expiresAt);
  return accepted(...due.slice(0, EXPIRIES_MAX).map(expiryOf));
}

const expiryOf = ({ invitationId }: Invitation): MemberEvent => ({ type: 'InvitationExpired', data: { invitationId } });
