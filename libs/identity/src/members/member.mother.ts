import { InvitationId, MemberId, type Actor, type Instant, type TeamId } from '@countersign/kernel';
import { evolveIdentity, emptyIdentity } from '../organization.state.ts';
import { organizationEvents, type OrganizationEvent } from '../organization.events.ts';
import { at, founded, legal, named, treasury, treasuryCreated } from '../organization.mother.ts';
import type { Right } from '../rights/right.ts';
import type { OrganizationRole, TeamRole } from '../rights/roles.ts';
import type { Caller } from '../rights/standing.ts';
import type { MemberEvent } from './member.events.ts';
import { emptyMembers, evolveMembers } from './member.state.ts';
import type { PeopleState } from './member.queries.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;

export const memberNumber = (n: number) => MemberId.parse(numbered('mem', n));
export const invitationNumber = (n: number) => InvitationId.parse(numbered('inv', n));
export const hashNumber = (n: number) => String(n).padStart(64, '0');

/** People by the number of their member id; they sign in as users `user-1` and so on. */
export const ada = memberNumber(1);
export const grace = memberNumber(2);
export const mary = memberNumber(3);
export const edith = memberNumber(4);
export const nobody = memberNumber(99);

export const legalCreated: OrganizationEvent = {
  type: 'TeamCreated',
  data: { teamId: legal, name: named('legal') },
};

/** An organization with two teams and nobody in it. */
export const organization: readonly OrganizationEvent[] = [founded, treasuryCreated, legalCreated];

const userOf = (memberId: MemberId) => `user-${Number(memberId.slice('mem_'.length))}`;

/** Somebody who joined, by an invitation of the operator. */
export const joined = (
  memberId: MemberId,
  role: OrganizationRole,
  teams: Readonly<Record<TeamId, TeamRole>> = {},
): MemberEvent => ({
  type: 'MemberJoined',
  data: {
    memberId,
    userId: userOf(memberId),
    invitationId: InvitationId.parse(memberId.replace('mem_', 'inv_')),
    role,
    teams: (Object.entries(teams) as [TeamId, TeamRole][]).map(([teamId, teamRole]) => ({ teamId, role: teamRole })),
    at: at('08:00'),
  },
});

export const adaOwns = joined(ada, 'owner');
export const inTreasury = (role: TeamRole) => ({ [treasury]: role });

const invitedBy = (giver: MemberId | null) =>
  ({
    type: 'MemberInvited',
    data: {
      invitationId: invitationNumber(50),
      email: 'mary@example.org',
      role: 'developer',
      teams: [{ teamId: treasury, role: 'approver' }],
      tokenHash: hashNumber(50),
      expiresAt: at('12:00'),
      invitedBy: giver,
    },
  }) as const satisfies MemberEvent;

export const maryInvited = invitedBy(ada);
export const maryInvitedByGrace = invitedBy(grace);
export const maryInvitedByOperator = invitedBy(null);

/** A member in a session of their own. */
export const inPerson = (memberId: MemberId): Caller => ({
  actor: { kind: 'member', id: memberId, method: 'session', credential: 'ses_1' },
  tokenRights: null,
});

export const byToken = (memberId: MemberId, ...tokenRights: readonly Right[]): Caller => ({
  actor: { kind: 'member', id: memberId, method: 'personal-token', credential: 'tok_1' },
  tokenRights,
});

const callerOf = (actor: Actor): Caller => ({ actor, tokenRights: null });

export const byOperator = callerOf({ kind: 'operator', id: 'cli', method: 'operator-token', credential: 'op_1' });
export const bySystem = callerOf({ kind: 'system', id: 'countersign', method: 'internal', credential: 'none' });
/** An agent that calls itself by a member's id. */
export const byAgent = callerOf({ kind: 'agent', id: ada, method: 'agent-key', credential: 'key_1' });

export type PeopleEvent = OrganizationEvent | MemberEvent;

export const emptyPeople = (): PeopleState => ({ ...emptyIdentity(), ...emptyMembers() });

export function evolvePeople(state: PeopleState, event: PeopleEvent): void {
  if (event.type in organizationEvents) evolveIdentity(state, event as OrganizationEvent);
  else evolveMembers(state, event as MemberEvent);
}

export function peopleAfter(...events: readonly PeopleEvent[]): PeopleState {
  const state = emptyPeople();
  for (const event of events) evolvePeople(state, event);
  return state;
}

export const later = (from: Instant, milliseconds: number) => (from + milliseconds) as Instant;
