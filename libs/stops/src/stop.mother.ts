import {
  emptyIdentity,
  emptyMembers,
  evolveIdentity,
  evolveMembers,
  type Caller,
  type OrganizationRole,
  type PeopleState,
  type Right,
  type TeamRole,
} from '@countersign/identity';
import {
  AgentId,
  InvitationId,
  MemberId,
  Name,
  OrganizationId,
  StopId,
  TeamId,
  type Instant,
} from '@countersign/kernel';
import type { StopAuthor, StopEvent, StopRank, StopScope } from './stop.events.ts';
import { emptyStops, type StopsState } from './stop.state.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;

export const lovelace = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
export const treasury = TeamId.parse(numbered('team', 1));
export const legal = TeamId.parse(numbered('team', 2));
/** Of the treasury, and of legal. */
export const clerk = AgentId.parse(numbered('agt', 11));
export const scribe = AgentId.parse(numbered('agt', 12));
export const stopNumber = (n: number) => StopId.parse(numbered('stp', n));
export const memberNumber = (n: number) => MemberId.parse(numbered('mem', n));

export const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00.000Z`) as Instant;

/** People, called by what they are; `approver` and the others are so in the treasury. */
export const people = {
  owner: memberNumber(1),
  admin: memberNumber(2),
  lead: memberNumber(3),
  approver: memberNumber(4),
  developer: memberNumber(5),
  auditor: memberNumber(6),
  legalLead: memberNumber(7),
  otherLead: memberNumber(8),
} as const;
export type Person = keyof typeof people;

const roles: Readonly<Record<Person, readonly [OrganizationRole, TeamId, TeamRole]>> = {
  owner: ['owner', treasury, 'none'],
  admin: ['admin', treasury, 'none'],
  lead: ['member', treasury, 'lead'],
  approver: ['member', treasury, 'approver'],
  developer: ['developer', treasury, 'none'],
  auditor: ['auditor', treasury, 'none'],
  legalLead: ['member', legal, 'lead'],
  otherLead: ['developer', treasury, 'lead'],
};

export type StoppablePeople = StopsState & PeopleState;

/** An organization of two teams, with everybody in it and nothing stopped. */
export function everybody(): StoppablePeople {
  const state = { ...emptyIdentity(), ...emptyMembers(), ...emptyStops() };
  evolveIdentity(state, {
    type: 'OrganizationCreated',
    data: { organizationId: lovelace, name: Name.parse('lovelace'), timeZone: 'UTC' },
  });
  evolveIdentity(state, { type: 'TeamCreated', data: { teamId: treasury, name: Name.parse('treasury') } });
  evolveIdentity(state, { type: 'TeamCreated', data: { teamId: legal, name: Name.parse('legal') } });
  for (const person of Object.keys(people) as Person[]) join(state, person);
  return state;
}

function join(state: PeopleState, person: Person): void {
  const memberId = people[person];
  const [role, teamId, teamRole] = roles[person];
  evolveMembers(state, {
    type: 'MemberJoined',
    data: {
      memberId,
      userId: `user-${person}`,
      invitationId: InvitationId.parse(memberId.replace('mem_', 'inv_')),
      role,
      teams: [{ teamId, role: teamRole }],
      at: at('08:00'),
    },
  });
}

export const by = (person: Person, tokenRights: readonly Right[] | null = null): Caller => ({
  actor: { kind: 'member', id: people[person], method: tokenRights ? 'personal-token' : 'session', credential: 'c' },
  tokenRights,
});

export const byOperator: Caller = {
  actor: { kind: 'operator', id: 'cli', method: 'operator-token', credential: 'op_1' },
  tokenRights: null,
};

export const byAgent: Caller = {
  actor: { kind: 'agent', id: clerk, method: 'agent-key', credential: 'key_1' },
  tokenRights: null,
};

const agents = [
  { agentId: clerk, name: 'clerk', teamId: treasury },
  { agentId: scribe, name: 'scribe', teamId: legal },
];
export const findAgent = (reference: string) =>
  agents.find(({ agentId, name }) => reference === agentId || reference === name);

export const memberAuthor = (person: Person): StopAuthor => ({ kind: 'member', id: people[person] });

interface Placing {
  readonly n?: number;
  readonly by?: StopAuthor;
  readonly rank?: StopRank;
  readonly at?: Instant;
}

/** A stop that was placed; by the owner at nine unless said otherwise. */
export const placed = (scope: StopScope, placing: Placing = {}) =>
  ({
    type: 'StopPlaced',
    data: {
      stopId: stopNumber(placing.n ?? 1),
      scope,
      reason: 'seen paying twice',
      by: placing.by ?? memberAuthor('owner'),
      rank: placing.rank ?? 'owner',
      at: placing.at ?? at('09:00'),
    },
  }) satisfies StopEvent;

export const lifted = (n: number, clock: string): StopEvent => ({
  type: 'StopLifted',
  data: { stopId: stopNumber(n), reason: '', by: memberAuthor('owner'), at: at(clock) },
});

export const everything: StopScope = { kind: 'organization' };
export const wholeTreasury: StopScope = { kind: 'team', teamId: treasury };
export const theClerk: StopScope = { kind: 'agent', agentId: clerk };
export const intents = (pattern: string, teamId: TeamId | null = null): StopScope => ({
  kind: 'intent',
  pattern,
  teamId,
});
