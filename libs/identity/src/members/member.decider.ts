import { accepted, rejected, unreachable, type Decided, type Instant } from '@countersign/kernel';
import { findTeam } from '../organization.state.ts';
import { holdsRole, holdsTeamRole } from '../rights/covering.ts';
import { refusalOf } from '../rights/operation.ts';
import type { OrganizationRole } from '../rights/roles.ts';
import type { Caller, MemberStanding, Standing } from '../rights/standing.ts';
import { accept, expireDue, invite, mayBe, revoke } from './invitation.decider.ts';
import type { MemberCommand } from './member.commands.ts';
import type { MemberEvent } from './member.events.ts';
import { activeMember, ownersOf, standingOf, type PeopleState } from './member.queries.ts';
import type { MemberRejection } from './member.rejections.ts';
import { memberDemand } from './member.rights.ts';
import type { Member } from './member.state.ts';

type Decision = Decided<MemberEvent, MemberRejection>;
type Of<Type> = Extract<MemberCommand, { type: Type }>;

/**
 * What may happen to memberships and invitations, judged under the organization's head lock: the caller's own rights
 * are read from the same state, so that a right that was lost a moment ago decides nothing.
 */
export function decideMember(command: MemberCommand, state: PeopleState, caller: Caller, at: Instant): Decision {
  if (command.type === 'AcceptInvitation') return accept(command, state, at);

  const standing = standingOf(caller, state);
  switch (command.type) {
    case 'ExpireInvitations': {
      const refusal = caller.actor.kind === 'system' ? null : refusalOf(standing, memberDemand(command, state));
      return refusal ? rejected(refusal) : expireDue(state, at);
    }
    case 'InviteMember':
      return invite(command, state, standing, at);
    case 'RevokeInvitation':
      return revoke(command, state, standing, at);
    case 'LeaveOrganization':
      return leave(state, standing);
    default:
      return decideAbout(command, state, standing);
  }
}

type AboutMember = Of<'ChangeRole' | 'ChangeTeamRole' | 'RemoveFromTeam' | 'RemoveMember' | 'TransferOwnership'>;

/** Commands about one member who must be there. */
function decideAbout(command: AboutMember, state: PeopleState, standing: Standing): Decision {
  const refusal = rightRefusal(command, state, standing);
  if (refusal) return rejected(refusal);
  const memberId = command.type === 'TransferOwnership' ? command.to : command.memberId;
  const member = activeMember(state, memberId);
  if (!member) return rejected({ code: 'identity.member_not_found', memberId });

  switch (command.type) {
    case 'ChangeRole':
      return changeRole(command, member, state, standing);
    case 'ChangeTeamRole':
      return changeTeamRole(command, member, state, standing);
    case 'RemoveFromTeam':
      return removeFromTeam(command, member, state);
    case 'RemoveMember':
      return remove(command, member, state, standing);
    case 'TransferOwnership':
      return transfer(member, standing);
    default:
      return unreachable(command);
  }
}

/** A stranger learns nothing of which teams there are. */
function rightRefusal(command: AboutMember, state: PeopleState, standing: Standing): MemberRejection | null {
  const isUnknownTeam = 'team' in command && !findTeam(state, command.team);
  if (isUnknownTeam && standing.kind !== 'stranger') return { code: 'identity.team_not_found', team: command.team };
  return isOwnStep(command, standing) ? null : refusalOf(standing, memberDemand(command, state));
}

/** Anyone may leave a team, in person: a token made for reading must not be able to. */
const isOwnStep = (command: AboutMember, standing: Standing) =>
  command.type === 'RemoveFromTeam' && isInPerson(standing) && standing.memberId === command.memberId;

const isInPerson = (standing: Standing): standing is MemberStanding =>
  standing.kind === 'member' && standing.tokenRights === null;

function changeRole({ role }: Of<'ChangeRole'>, member: Member, state: PeopleState, standing: Standing): Decision {
  const { memberId } = member;
  if (member.role === role) return accepted();
  const notHeld = [member.role, role].find((each) => !holdsRole(standing, each));
  if (notHeld) return rejected({ code: 'identity.role_not_held', role: notHeld });
  if (isLastOwner(member, state)) return rejected({ code: 'identity.last_owner' });
  // In this order no position of the ledger shows an auditor who is an approver.
  return accepted(...teamRolesEnded(member, role), { type: 'MemberRoleChanged', data: { memberId, role } });
}

/** Whoever becomes an auditor or a viewer stays in their teams and decides nothing there any more. */
const teamRolesEnded = ({ memberId, teams }: Member, role: OrganizationRole): readonly MemberEvent[] =>
  (Object.keys(teams) as (keyof typeof teams)[])
    .filter((teamId) => !mayBe(role, teams[teamId] ?? 'none'))
    .map((teamId) => ({ type: 'MemberTeamRoleChanged', data: { memberId, teamId, role: 'none' } }));

function changeTeamRole(
  { team, role }: Of<'ChangeTeamRole'>,
  member: Member,
  state: PeopleState,
  standing: Standing,
): Decision {
  const teamId = findTeam(state, team)?.teamId;
  if (!teamId) return rejected({ code: 'identity.team_not_found', team });
  if (member.teams[teamId] === role) return accepted();
  if (!holdsTeamRole(standing, role)) return rejected({ code: 'identity.role_not_held', role });
  if (!mayBe(member.role, role)) return rejected({ code: 'identity.role_never_decides', role: member.role });
  return accepted({ type: 'MemberTeamRoleChanged', data: { memberId: member.memberId, teamId, role } });
}

function removeFromTeam({ team }: Of<'RemoveFromTeam'>, { memberId, teams }: Member, state: PeopleState): Decision {
  const teamId = findTeam(state, team)?.teamId;
  if (!teamId) return rejected({ code: 'identity.team_not_found', team });
  return teams[teamId] === undefined ? accepted() : accepted({ type: 'MemberLeftTeam', data: { memberId, teamId } });
}

function remove({ reason }: Of<'RemoveMember'>, member: Member, state: PeopleState, standing: Standing): Decision {
  if (!holdsRole(standing, member.role)) return rejected({ code: 'identity.role_not_held', role: member.role });
  if (isLastOwner(member, state)) return rejected({ code: 'identity.last_owner' });
  return accepted({ type: 'MemberRemoved', data: { memberId: member.memberId, reason } });
}

function leave(state: PeopleState, standing: Standing): Decision {
  const member = isInPerson(standing) ? activeMember(state, standing.memberId) : undefined;
  if (!member) return rejected({ code: 'identity.members_only' });
  if (isLastOwner(member, state)) return rejected({ code: 'identity.last_owner' });
  return accepted({ type: 'MemberLeft', data: { memberId: member.memberId } });
}

function transfer(to: Member, standing: Standing): Decision {
  if (standing.kind !== 'member') return rejected({ code: 'identity.members_only' });
  if (!holdsRole(standing, 'owner')) return rejected({ code: 'identity.role_not_held', role: 'owner' });
  if (to.memberId === standing.memberId) return accepted();
  return accepted({ type: 'OwnershipTransferred', data: { from: standing.memberId, to: to.memberId } });
}

const isLastOwner = ({ memberId, role }: Member, state: PeopleState) =>
  role === 'owner' && ownersOf(state).every((owner) => owner.memberId === memberId);
