import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { at, legal, treasury } from '../organization.mother.ts';
import type { Caller } from '../rights/standing.ts';
import { MemberCommand } from './member.commands.ts';
import { decideMember } from './member.decider.ts';
import type { MemberEvent } from './member.events.ts';
import {
  ada,
  adaOwns,
  byOperator,
  bySystem,
  byToken,
  emptyPeople,
  evolvePeople,
  grace,
  hashNumber,
  inPerson,
  invitationNumber,
  joined,
  later,
  mary,
  maryInvited,
  maryInvitedByGrace,
  maryInvitedByOperator,
  nobody,
  organization,
  peopleAfter,
  type PeopleEvent,
} from './member.mother.ts';
import { invitationStatus, type PeopleState } from './member.queries.ts';

interface Given {
  readonly command: MemberCommand;
  readonly caller: Caller;
}

const { given } = specFor<PeopleState, Given, PeopleEvent, unknown>({
  initialState: emptyPeople,
  evolve: evolvePeople,
  decide: ({ command, caller }, state, now) => decideMember(command, state, caller, now),
  at: at('10:00'),
});

const says = (caller: Caller, wish: object): Given => ({ command: MemberCommand.parse(wish), caller });
const members = (...events: readonly PeopleEvent[]) => given(...organization, adaOwns, ...events);

const { invitedBy: _, ...invited } = maryInvited.data;
const invite = (changes: object = {}) => ({
  type: 'InviteMember',
  ...invited,
  teams: [{ team: 'treasury', role: 'approver' }],
  ...changes,
});
const acceptance = {
  type: 'AcceptInvitation',
  tokenHash: hashNumber(50),
  memberId: mary,
  userId: 'user-3',
  email: 'Mary@Example.org',
};
const accept = (changes: object = {}) => says(inPerson(mary), { ...acceptance, ...changes });
const revoke = { type: 'RevokeInvitation', invitationId: invitationNumber(50) };
const expire = { type: 'ExpireInvitations' };

const revoked: MemberEvent = { type: 'InvitationRevoked', data: { invitationId: invitationNumber(50) } };
const expired: MemberEvent = { type: 'InvitationExpired', data: { invitationId: invitationNumber(50) } };
const maryJoined: MemberEvent = {
  type: 'MemberJoined',
  data: {
    memberId: mary,
    userId: 'user-3',
    invitationId: invitationNumber(50),
    role: 'developer',
    teams: [{ teamId: treasury, role: 'approver' }],
    at: at('10:00'),
  },
};

describe('inviting', () => {
  it('I13: records the hash of the token, and has no field for the token', () => {
    members()
      .when(says(inPerson(ada), invite()))
      .then(maryInvited);
    expect(MemberCommand.safeParse(invite({ token: 'csi_Q0x' })).success).toBe(false);
  });

  it('is for whoever manages the organization, a team’s lead not included', () => {
    members(joined(grace, 'member', { [treasury]: 'lead' }))
      .when(says(inPerson(grace), invite({ role: 'viewer', teams: [] })))
      .thenRejected({ code: 'identity.forbidden', right: 'organization:manage' });
  });

  it('by the operator names nobody as its giver', () => {
    given(...organization)
      .when(says(byOperator, invite()))
      .then(maryInvitedByOperator);
  });

  it('gives nobody what its giver does not hold', () => {
    members(joined(grace, 'admin'))
      .when(says(inPerson(grace), invite({ role: 'owner' })))
      .thenRejected({ code: 'identity.role_not_held', role: 'owner' });
    members()
      .when(says(byToken(ada, 'organization:manage'), invite({ role: 'viewer', teams: [] })))
      .thenRejected({ code: 'identity.role_not_held', role: 'viewer' });
    members()
      .when(says(byToken(ada, 'organization:manage', 'teams:read'), invite({ role: 'viewer' })))
      .thenRejected({ code: 'identity.role_not_held', role: 'approver' });
  });

  it('makes no auditor who decides', () => {
    members()
      .when(says(inPerson(ada), invite({ role: 'auditor' })))
      .thenRejected({ code: 'identity.role_never_decides', role: 'auditor' });
  });

  it('refuses a team that does not exist', () => {
    members()
      .when(says(inPerson(ada), invite({ teams: [{ team: 'marketing', role: 'none' }] })))
      .thenRejected({ code: 'identity.team_not_found', team: 'marketing' });
  });

  it('takes a team that is named twice once, as named last', () => {
    const twice = [
      { team: 'treasury', role: 'lead' },
      { team: 'legal', role: 'none' },
      { team: treasury, role: 'approver' },
    ];
    members()
      .when(says(inPerson(ada), invite({ teams: twice })))
      .then({
        ...maryInvited,
        data: {
          ...maryInvited.data,
          teams: [
            { teamId: treasury, role: 'approver' },
            { teamId: legal, role: 'none' },
          ],
        },
      });
  });

  it('is refused while an invitation to the address is open, however it is written', () => {
    members(maryInvited)
      .when(says(inPerson(ada), invite({ email: 'MARY@example.org', invitationId: invitationNumber(51) })))
      .thenRejected({ code: 'identity.already_invited' });
  });

  it('records the expiry of an earlier one that nobody swept', () => {
    const again = { invitationId: invitationNumber(51), tokenHash: hashNumber(51), expiresAt: at('17:00') };
    members(maryInvited)
      .when(says(inPerson(ada), invite(again)), at('12:00'))
      .then(expired, { ...maryInvited, data: { ...maryInvited.data, ...again } });
  });

  it('expires in the future, within 30 days', () => {
    const rejection = { code: 'identity.invitation_expiry' };
    const days30 = later(at('10:00'), 30 * 86_400_000);
    members()
      .when(says(inPerson(ada), invite({ expiresAt: at('10:00') })))
      .thenRejected(rejection);
    members()
      .when(says(inPerson(ada), invite({ expiresAt: later(days30, 1) })))
      .thenRejected(rejection);
    members()
      .when(says(inPerson(ada), invite({ expiresAt: days30 })))
      .then({ ...maryInvited, data: { ...maryInvited.data, expiresAt: days30 } });
  });
});

describe('accepting an invitation', () => {
  it('makes a member of whoever has the token and the address', () => {
    members(maryInvited).when(accept()).then(maryJoined);
  });

  it('twice is accepting once, for the same person', () => {
    members(maryInvited, maryJoined).when(accept()).thenNothing();
    members(maryInvited, maryJoined)
      .when(accept({ userId: 'user-4', memberId: nobody }))
      .thenRejected({ code: 'identity.invitation_closed', status: 'accepted' });
  });

  it('needs a token that was given', () => {
    members(maryInvited)
      .when(accept({ tokenHash: hashNumber(51) }))
      .thenRejected({ code: 'identity.invitation_not_found' });
  });

  it('is refused to another address, whoever passed the token on', () => {
    members(maryInvited)
      .when(accept({ email: 'edith@example.org' }))
      .thenRejected({ code: 'identity.invitation_for_another' });
  });

  it('is refused once revoked, and at its expiry whether or not a sweep came', () => {
    members(maryInvited, revoked)
      .when(accept())
      .thenRejected({ code: 'identity.invitation_closed', status: 'revoked' });
    const late = { code: 'identity.invitation_closed', status: 'expired' };
    members(maryInvited).when(accept(), at('12:00')).thenRejected(late);
    members(maryInvited, expired).when(accept(), at('11:00')).thenRejected(late);
  });

  it('is refused when its giver could no longer give it', () => {
    const rejection = { code: 'identity.invitation_void' };
    const byAdmin = [joined(grace, 'admin'), maryInvitedByGrace];
    members(...byAdmin)
      .when(accept())
      .then(maryJoined);
    members(...byAdmin, { type: 'MemberRemoved', data: { memberId: grace, reason: '' } })
      .when(accept())
      .thenRejected(rejection);
    members(...byAdmin, { type: 'MemberRoleChanged', data: { memberId: grace, role: 'developer' } })
      .when(accept())
      .thenRejected(rejection);
    members(
      joined(grace, 'owner'),
      { type: 'MemberInvited', data: { ...maryInvitedByGrace.data, role: 'owner' } },
      { type: 'MemberRoleChanged', data: { memberId: grace, role: 'admin' } },
    )
      .when(accept())
      .thenRejected(rejection);
  });

  it('of the operator needs no member to stand for it', () => {
    given(...organization, maryInvitedByOperator)
      .when(accept())
      .then(maryJoined);
  });

  it('is refused to whoever is a member', () => {
    members(joined(mary, 'viewer'), maryInvited)
      .when(accept())
      .thenRejected({ code: 'identity.already_member', memberId: mary });
  });

  // Else somebody could leave and return as another, and decide what their own agent asked.
  it('gives whoever returns the member id they had', () => {
    members(joined(mary, 'admin'), { type: 'MemberLeft', data: { memberId: mary } }, maryInvited)
      .when(accept({ memberId: nobody }))
      .then(maryJoined);
  });

  it('gives nobody the id of another', () => {
    members(joined(grace, 'viewer'), maryInvited)
      .when(accept({ memberId: grace }))
      .thenRejected({ code: 'identity.member_id_taken' });
  });

  it('does not bring back who left after accepting', () => {
    members(maryInvited, maryJoined, { type: 'MemberLeft', data: { memberId: mary } })
      .when(accept())
      .thenRejected({ code: 'identity.invitation_closed', status: 'accepted' });
  });
});

describe('revoking an invitation', () => {
  it('closes it, for two people in a hurry too', () => {
    members(maryInvited)
      .when(says(inPerson(ada), revoke))
      .then(revoked);
    members(maryInvited, revoked)
      .when(says(inPerson(ada), revoke))
      .thenNothing();
  });

  it('records its expiry when that has come', () => {
    members(maryInvited)
      .when(says(inPerson(ada), revoke), at('12:00'))
      .then(expired);
  });

  it('is for whoever could give it', () => {
    members(joined(grace, 'developer'), maryInvited)
      .when(says(inPerson(grace), revoke))
      .thenRejected({ code: 'identity.forbidden', right: 'organization:manage' });
    members(joined(grace, 'admin'), { type: 'MemberInvited', data: { ...maryInvited.data, role: 'owner' } })
      .when(says(inPerson(grace), revoke))
      .thenRejected({ code: 'identity.role_not_held', role: 'owner' });
  });

  it('comes too late once it is accepted, and never for one that does not exist', () => {
    members(maryInvited, maryJoined)
      .when(says(inPerson(ada), revoke))
      .thenRejected({ code: 'identity.invitation_closed', status: 'accepted' });
    members()
      .when(says(inPerson(ada), revoke))
      .thenRejected({ code: 'identity.invitation_not_found' });
  });
});

describe('expiring invitations', () => {
  it('records what is past due, once', () => {
    members(maryInvited).when(says(bySystem, expire), at('11:59')).thenNothing();
    members(maryInvited).when(says(bySystem, expire), at('12:00')).then(expired);
    members(maryInvited, expired).when(says(bySystem, expire), at('13:00')).thenNothing();
  });

  it('is the system’s and the operator’s, not a member’s', () => {
    members(maryInvited).when(says(byOperator, expire), at('12:00')).then(expired);
    members(maryInvited)
      .when(says(inPerson(ada), expire), at('12:00'))
      .thenRejected({ code: 'identity.forbidden', right: 'operator' });
  });

  it('records at most 500 at once, the oldest first', () => {
    const many = Array.from({ length: 501 }, (_none, n): MemberEvent => {
      const expiresAt = later(at('09:00'), 501 - n);
      return { type: 'MemberInvited', data: { ...maryInvited.data, invitationId: invitationNumber(n), expiresAt } };
    });
    const state = peopleAfter(...organization, adaOwns, ...many);
    const decision = decideMember({ type: 'ExpireInvitations' }, state, bySystem, at('10:00'));
    if (decision.outcome === 'rejected') throw new Error('rejected');
    expect(decision.events).toHaveLength(500);
    expect(decision.events[0]).toEqual({ type: 'InvitationExpired', data: { invitationId: invitationNumber(500) } });
  });
});

describe('a closed invitation', () => {
  it.each([
    ['accepted', maryJoined],
    ['revoked', revoked],
    ['expired', expired],
  ] as const)('that was %s keeps no address', (status, event) => {
    const invitation = peopleAfter(...organization, maryInvited, event).invitations.get(invitationNumber(50));
    expect(invitation).toMatchObject({ status, email: null });
  });

  it('keeps how it ended, whatever the clock says then', () => {
    const invitation = peopleAfter(maryInvited, revoked).invitations.get(invitationNumber(50));
    expect(invitation && invitationStatus(invitation, at('23:00'))).toBe('revoked');
  });
});
