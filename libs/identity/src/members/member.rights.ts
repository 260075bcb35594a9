import { findTeam } from '../organization.state.ts';
import type { Demand, OperationRights } from '../rights/operation.ts';
import type { Target } from '../rights/target.ts';
import type { MemberCommand } from './member.commands.ts';
import type { PeopleState } from './member.queries.ts';

/** What each command about members asks of whoever gives it. What it may be about is judged beside it. */
export const memberRights = {
  InviteMember: { right: 'organization:manage', on: ['organization'] },
  RevokeInvitation: { right: 'organization:manage', on: ['organization'] },
  AcceptInvitation: { right: null, why: 'the token of the invitation is the right' },
  ExpireInvitations: { right: 'operator' },
  ChangeRole: { right: 'organization:manage', on: ['organization'] },
  ChangeTeamRole: { right: 'teams:manage', on: ['team'] },
  RemoveFromTeam: { right: 'teams:manage', on: ['team'] },
  RemoveMember: { right: 'organization:manage', on: ['organization'] },
  LeaveOrganization: { right: null, why: 'nobody can be kept' },
  TransferOwnership: { right: 'organization:own', on: ['organization'] },
} as const satisfies OperationRights<MemberCommand['type']>;

export function memberDemand(command: MemberCommand, state: PeopleState): Demand {
  return { asks: memberRights[command.type], targets: targetsOf(command, state) };
}

function targetsOf(command: MemberCommand, state: PeopleState): readonly Target[] {
  const self = state.organization.get('self');
  if (!self) return [];
  const { organizationId } = self;
  if (!('team' in command)) return [{ kind: 'organization', organizationId }];
  const team = findTeam(state, command.team);
  return team ? [{ kind: 'team', organizationId, teamId: team.teamId }] : [];
}
