import type { Instant } from '@countersign/kernel';
import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { at, legal, treasury } from '../organization.mother.ts';
import { RIGHTS } from '../rights/right.ts';
import type { Caller } from '../rights/standing.ts';
import { MemberCommand } from './member.commands.ts';
import { decideMember } from './member.decider.ts';
import type { MemberEvent } from './member.events.ts';
import {
  ada,
  adaOwns,
  byAgent,
  byOperator,
  byToken,
  edith,
  emptyPeople,
  evolvePeople,
  grace,
  inPerson,
  inTreasury,
  joined,
  mary,
  nobody,
  organization,
  peopleAfter,
  type PeopleEvent,
} from './member.mother.ts';
import {
  activeMember,
  decidersOf,
  mayDecideFor,
  memberOfUser,
  ownersOf,
  standingOf,
  type PeopleState,
} from './member.queries.ts';

/** A command with whoever gives it. */
interface Given {
  readonly command: MemberCommand;
  readonly caller: Caller;
}

const { given } = specFor<PeopleState, Given, PeopleEvent, unknown>({
  initialState: emptyPeople,
  evolve: evolvePeople,
  decide: ({ command, caller }: Given, state: PeopleState, now: Instant) => decideMember(command, state, caller, now),
  at: at('10:00'),
});

const says = (caller: Caller, wish: object): Given => ({ command: MemberCommand.parse(wish), caller });
const members = (...events: readonly PeopleEvent[]) => given(...organization, adaOwns, ...events);

const changeRole = (memberId: string, role: string) => ({ type: 'ChangeRole', memberId, role });
const changeTeamRole = (memberId: string, role: string, team = 'treasury') => ({
  type: 'ChangeTeamRole',
  memberId,
  team,
  role,
});
const leaveTeam = (memberId: string) => ({ type: 'RemoveFromTeam', memberId, team: 'treasury' });
const remove = (memberId: string) => ({ type: 'RemoveMember', memberId, reason: 'left the company' });
const leave = { type: 'LeaveOrganization' };
const forbidden = (right: string) => ({ code: 'identity.forbidden', right });
const notHeld = (role: string) => ({ code: 'identity.role_not_held', role });
const lastOwner = { code: 'identity.last_owner' };

describe('changing what a member is', () => {
  it('is for whoever manages the organization', () => {
    members(joined(grace, 'viewer'))
      .when(says(inPerson(ada), changeRole(grace, 'developer')))
      .then({ type: 'MemberRoleChanged', data: { memberId: grace, role: 'developer' } });
    members(joined(grace, 'viewer'), joined(mary, 'developer'))
      .when(says(inPerson(mary), changeRole(grace, 'developer')))
      .thenRejected(forbidden('organization:manage'));
  });

  it('does nothing when they are that', () => {
    members()
      .when(says(inPerson(ada), changeRole(ada, 'owner')))
      .thenNothing();
  });

  it('gives nobody what its giver does not hold', () => {
    members(joined(grace, 'admin'))
      .when(says(inPerson(grace), changeRole(grace, 'owner')))
      .thenRejected(notHeld('owner'));
  });

  it('takes nothing away that its taker does not hold', () => {
    members(joined(mary, 'owner'), joined(grace, 'admin'))
      .when(says(inPerson(grace), changeRole(mary, 'viewer')))
      .thenRejected(notHeld('owner'));
  });

  it('by a token is limited to what the token names', () => {
    const history = [joined(grace, 'viewer')];
    members(...history)
      .when(says(byToken(ada, 'organization:manage'), changeRole(grace, 'admin')))
      .thenRejected(notHeld('viewer'));
    members(...history)
      .when(says(byToken(ada, 'teams:read'), changeRole(grace, 'admin')))
      .thenRejected(forbidden('organization:manage'));
    members(...history)
      .when(says(byToken(ada, ...RIGHTS), changeRole(grace, 'admin')))
      .then({ type: 'MemberRoleChanged', data: { memberId: grace, role: 'admin' } });
  });

  it('to auditor ends what they decide in every team', () => {
    members(joined(grace, 'member', { [treasury]: 'lead', [legal]: 'none' }))
      .when(says(inPerson(ada), changeRole(grace, 'auditor')))
      .then(
        { type: 'MemberTeamRoleChanged', data: { memberId: grace, teamId: treasury, role: 'none' } },
        { type: 'MemberRoleChanged', data: { memberId: grace, role: 'auditor' } },
      );
  });

  it('knows no member who left', () => {
    members(joined(grace, 'member'), { type: 'MemberLeft', data: { memberId: grace } })
      .when(says(inPerson(ada), changeRole(grace, 'viewer')))
      .thenRejected({ code: 'identity.member_not_found', memberId: grace });
  });
});

describe('the last owner', () => {
  it('becomes nothing else', () => {
    members()
      .when(says(inPerson(ada), changeRole(ada, 'admin')))
      .thenRejected(lastOwner);
  });

  it('does not leave', () => {
    members()
      .when(says(inPerson(ada), leave))
      .thenRejected(lastOwner);
  });

  it('is not removed, by the operator either', () => {
    members()
      .when(says(byOperator, remove(ada)))
      .thenRejected(lastOwner);
    members()
      .when(says(byOperator, changeRole(ada, 'viewer')))
      .thenRejected(lastOwner);
  });

  it('is whoever stays when the other has left', () => {
    const two = [joined(grace, 'owner')];
    members(...two)
      .when(says(inPerson(ada), leave))
      .then({ type: 'MemberLeft', data: { memberId: ada } });
    members(...two, { type: 'MemberLeft', data: { memberId: ada } })
      .when(says(inPerson(grace), leave))
      .thenRejected(lastOwner);
  });

  it('is nobody while there is no owner yet: others may go', () => {
    given(...organization, joined(grace, 'admin'))
      .when(says(inPerson(grace), leave))
      .then({ type: 'MemberLeft', data: { memberId: grace } });
  });
});

describe('a team’s members', () => {
  const led = joined(grace, 'member', inTreasury('lead'));

  it('are managed by its lead, who brings in and promotes', () => {
    members(led, joined(mary, 'developer'))
      .when(says(inPerson(grace), changeTeamRole(mary, 'approver')))
      .then({ type: 'MemberTeamRoleChanged', data: { memberId: mary, teamId: treasury, role: 'approver' } });
  });

  it('are not managed by an approver, nor by another team’s lead', () => {
    members(joined(grace, 'member', inTreasury('approver')), joined(mary, 'developer'))
      .when(says(inPerson(grace), changeTeamRole(mary, 'none')))
      .thenRejected(forbidden('teams:manage'));
    members(led, joined(mary, 'developer'))
      .when(says(inPerson(grace), changeTeamRole(mary, 'none', 'legal')))
      .thenRejected(forbidden('teams:manage'));
  });

  it('who audit or only view decide nothing there', () => {
    members(led, joined(edith, 'auditor'))
      .when(says(inPerson(grace), changeTeamRole(edith, 'approver')))
      .thenRejected({ code: 'identity.role_never_decides', role: 'auditor' });
    members(led, joined(edith, 'auditor'))
      .when(says(inPerson(grace), changeTeamRole(edith, 'none')))
      .then({ type: 'MemberTeamRoleChanged', data: { memberId: edith, teamId: treasury, role: 'none' } });
  });

  it('get no team role from a token that does not name what it adds', () => {
    members(led, joined(mary, 'developer'))
      .when(says(byToken(grace, 'teams:manage'), changeTeamRole(mary, 'approver')))
      .thenRejected(notHeld('approver'));
  });

  it('may leave it, in person', () => {
    const hers = joined(mary, 'viewer', inTreasury('none'));
    const left = { type: 'MemberLeftTeam', data: { memberId: mary, teamId: treasury } } as const;
    members(hers)
      .when(says(inPerson(mary), leaveTeam(mary)))
      .then(left);
    members(hers)
      .when(says(byToken(mary, 'teams:read'), leaveTeam(mary)))
      .thenRejected(forbidden('teams:manage'));
    members(hers, left)
      .when(says(inPerson(mary), leaveTeam(mary)))
      .thenNothing();
  });

  it('are taken out by its lead and by nobody beside', () => {
    const [one, other] = [joined(mary, 'viewer', inTreasury('none')), joined(edith, 'viewer', inTreasury('none'))];
    members(led, one)
      .when(says(inPerson(grace), leaveTeam(mary)))
      .then({ type: 'MemberLeftTeam', data: { memberId: mary, teamId: treasury } });
    members(one, other)
      .when(says(inPerson(edith), leaveTeam(mary)))
      .thenRejected(forbidden('teams:manage'));
  });

  it('belong to teams that exist, which a stranger is not told', () => {
    members()
      .when(says(inPerson(ada), changeTeamRole(ada, 'lead', 'marketing')))
      .thenRejected({ code: 'identity.team_not_found', team: 'marketing' });
    for (const team of ['marketing', 'legal'])
      members()
        .when(says(inPerson(nobody), changeTeamRole(ada, 'lead', team)))
        .thenRejected(forbidden('teams:manage'));
  });

  it('keep their role when it is given again', () => {
    members(led)
      .when(says(inPerson(ada), changeTeamRole(grace, 'lead')))
      .thenNothing();
  });
});

describe('leaving and being removed', () => {
  it('records why somebody was removed', () => {
    members(joined(grace, 'admin'), joined(mary, 'auditor'))
      .when(says(inPerson(grace), remove(mary)))
      .then({ type: 'MemberRemoved', data: { memberId: mary, reason: 'left the company' } });
  });

  it('an admin removes no owner', () => {
    members(joined(mary, 'owner'), joined(grace, 'admin'))
      .when(says(inPerson(grace), remove(mary)))
      .thenRejected(notHeld('owner'));
  });

  it('nobody leaves by a token, and nobody who is no member', () => {
    const rejection = { code: 'identity.members_only' };
    const two = members(joined(grace, 'owner'));
    two.when(says(byToken(grace, ...RIGHTS), leave)).thenRejected(rejection);
    two.when(says(inPerson(nobody), leave)).thenRejected(rejection);
    two.when(says(byOperator, leave)).thenRejected(rejection);
  });

  it('keeps the membership, past, and none of its teams', () => {
    const events: readonly MemberEvent[] = [
      { type: 'MemberRemoved', data: { memberId: grace, reason: '' } },
      { type: 'MemberLeft', data: { memberId: grace } },
    ];
    for (const event of events) {
      const state = peopleAfter(...organization, joined(grace, 'member', inTreasury('lead')), event);
      expect(state.members.get(grace)).toMatchObject({ userId: 'user-2', status: 'left' });
      expect(state.members.get(grace)?.teams).toEqual({});
      expect(activeMember(state, grace)).toBeUndefined();
      expect(memberOfUser(state, 'user-2')?.memberId).toBe(grace);
      expect(mayDecideFor(state, grace, treasury)).toBe(false);
    }
  });

  it('ends every right at once', () => {
    members(joined(grace, 'admin'), { type: 'MemberRemoved', data: { memberId: grace, reason: '' } })
      .when(says(inPerson(grace), changeRole(ada, 'viewer')))
      .thenRejected(forbidden('organization:manage'));
  });
});

describe('transferring ownership', () => {
  const transfer = (to: string) => ({ type: 'TransferOwnership', to });

  it('makes the one owner and the other admin, in one event', () => {
    members(joined(grace, 'admin'))
      .when(says(inPerson(ada), transfer(grace)))
      .then({ type: 'OwnershipTransferred', data: { from: ada, to: grace } });
    const state = emptyPeople();
    for (const event of [...organization, adaOwns, joined(grace, 'admin')]) evolvePeople(state, event);
    evolvePeople(state, { type: 'OwnershipTransferred', data: { from: ada, to: grace } });
    expect([ada, grace].map((id) => state.members.get(id)?.role)).toEqual(['admin', 'owner']);
  });

  it('is for owners, of themselves', () => {
    members(joined(grace, 'admin'))
      .when(says(inPerson(grace), transfer(grace)))
      .thenRejected(forbidden('organization:own'));
    members(joined(grace, 'admin'))
      .when(says(byOperator, transfer(grace)))
      .thenRejected({ code: 'identity.members_only' });
  });

  it('to oneself does nothing, and to nobody is refused', () => {
    members()
      .when(says(inPerson(ada), transfer(ada)))
      .thenNothing();
    members()
      .when(says(inPerson(ada), transfer(nobody)))
      .thenRejected({ code: 'identity.member_not_found', memberId: nobody });
  });

  it('by a token needs a token that names every right of an owner', () => {
    members(joined(grace, 'admin'))
      .when(says(byToken(ada, 'organization:own'), transfer(grace)))
      .thenRejected(notHeld('owner'));
  });
});

describe('who decides what waits in a team’s queue', () => {
  const state = peopleAfter(
    ...organization,
    adaOwns,
    joined(grace, 'member', inTreasury('lead')),
    joined(mary, 'developer', inTreasury('approver')),
    joined(edith, 'viewer', inTreasury('none')),
  );

  it('are its leads and approvers; an owner is not, by being one', () => {
    expect(decidersOf(state, treasury).map(({ memberId }) => memberId)).toEqual([grace, mary]);
    expect(decidersOf(state, legal)).toEqual([]);
    expect(ownersOf(state).map(({ memberId }) => memberId)).toEqual([ada]);
  });

  // The row is what it would be had the decider ever let this happen.
  it('I4: never are auditors, even if a row said so', () => {
    const wrong = peopleAfter(...organization, joined(edith, 'auditor', inTreasury('approver')));
    expect(mayDecideFor(wrong, edith, treasury)).toBe(false);
  });
});

describe('I4: an agent', () => {
  it('is a stranger, even if it calls itself by a member’s id', () => {
    const state = emptyPeople();
    for (const event of [...organization, adaOwns]) evolvePeople(state, event);
    expect(standingOf(byAgent, state)).toEqual({ kind: 'stranger' });
    members(joined(grace, 'viewer'))
      .when(says(byAgent, changeRole(grace, 'owner')))
      .thenRejected(forbidden('organization:manage'));
  });
});
