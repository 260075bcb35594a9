import {
  emptyIdentity,
  emptyMembers,
  evolveIdentity,
  evolveMembers,
  type OrganizationRole,
  type PeopleState,
  type TeamMembership,
} from '@countersign/identity';
import { InvitationId, Name, OrganizationId, TeamId, type MemberId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { ada, at, audrey, grace, olive } from './approval.mother.ts';
import { isQueueShort } from './electorate.ts';
import { peopleOf } from './people.ts';

const treasury = TeamId.parse(`team_${'1'.padStart(32, '0')}`);

function organization(): PeopleState {
  const state = { ...emptyIdentity(), ...emptyMembers() };
  const organizationId = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
  evolveIdentity(state, {
    type: 'OrganizationCreated',
    data: { organizationId, name: Name.parse('lovelace'), timeZone: 'UTC' },
  });
  evolveIdentity(state, { type: 'TeamCreated', data: { teamId: treasury, name: Name.parse('treasury') } });
  return state;
}

function joins(state: PeopleState, memberId: MemberId, role: OrganizationRole, teamRole: TeamMembership['role']): void {
  const invitationId = InvitationId.parse(memberId.replace('mem', 'inv'));
  const teams = [{ teamId: treasury, role: teamRole }];
  const data = { memberId, userId: memberId, invitationId, role, teams, at: at('08:00') };
  evolveMembers(state, { type: 'MemberJoined', data });
}

describe('the people of an organization', () => {
  const state = organization();
  joins(state, ada, 'member', 'approver');
  joins(state, grace, 'developer', 'none');
  joins(state, olive, 'owner', 'lead');
  joins(state, audrey, 'auditor', 'approver');

  it('decide for a team as the matrix says, by its name or its id', () => {
    expect(peopleOf(state).decidersOf('treasury')).toEqual([ada, olive]);
    expect(peopleOf(state).decidersOf(treasury)).toEqual([ada, olive]);
    expect(peopleOf(state).decidersOf('legal')).toEqual([]);
  });

  it('have their role as long as they are members', () => {
    const { owners, roleOf } = peopleOf(state);
    expect([owners, roleOf(olive), roleOf(audrey)]).toEqual([[olive], 'owner', 'auditor']);
    evolveMembers(state, { type: 'MemberLeft', data: { memberId: olive } as never });
    expect([peopleOf(state).owners, peopleOf(state).roleOf(olive)]).toEqual([[], null]);
    expect(peopleOf(state).decidersOf('treasury')).toEqual([ada]);
  });

  it('are too few where a quorum wants more than a team has free', () => {
    const free = organization();
    joins(free, ada, 'member', 'approver');
    joins(free, grace, 'developer', 'approver');
    const isShort = (quorum: number, involved: readonly MemberId[] = []) =>
      isQueueShort(
        { teams: ['treasury'], quorum },
        { onBehalfOf: null },
        { people: peopleOf(free), involved: new Set(involved), isRelaxed: false },
      );
    expect([isShort(2), isShort(3), isShort(2, [ada])]).toEqual([false, true, true]);
  });
});
