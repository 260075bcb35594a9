import type { MemberId } from '@countersign/kernel';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { at, legal, treasury } from '../organization.mother.ts';
import { RIGHTS } from '../rights/right.ts';
import { OrganizationRole, TeamRole } from '../rights/roles.ts';
import type { Caller } from '../rights/standing.ts';
import type { MemberCommand } from './member.commands.ts';
import { decideMember } from './member.decider.ts';
import type { MemberEvent } from './member.events.ts';
import {
  byAgent,
  byOperator,
  byToken,
  emptyPeople,
  evolvePeople,
  hashNumber,
  inPerson,
  invitationNumber,
  later,
  memberNumber,
  organization,
} from './member.mother.ts';
import type { PeopleState } from './member.queries.ts';
import type { Member } from './member.state.ts';

/** `FC_SEED` repeats a run. */
const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = 1_000;

beforeAll(() => console.info(`member properties: FC_SEED=${seed}, ${numRuns} cases each`));

const PEOPLE = 6;
const INVITATIONS = 8;
const person = fc.integer({ min: 1, max: PEOPLE }).map(memberNumber);
const teamId = fc.constantFrom(treasury, legal);
const role = fc.constantFrom(...OrganizationRole.options);
const teamRole = fc.constantFrom(...TeamRole.options);
const invitation = fc.integer({ min: 1, max: INVITATIONS });
const start = at('10:00');

const command: fc.Arbitrary<MemberCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('InviteMember' as const),
      invitationId: invitation.map(invitationNumber),
      email: invitation.map((n) => `person${n}@example.org`),
      role,
      teams: fc.array(fc.record({ team: teamId, role: teamRole }), { maxLength: 2 }),
      tokenHash: invitation.map(hashNumber),
      expiresAt: fc.nat({ max: 60_000 }).map((ms) => later(start, ms)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('AcceptInvitation' as const),
      tokenHash: invitation.map(hashNumber),
      memberId: person,
      userId: person.map((id) => `user-${id}`),
      email: invitation.map((n) => `person${n}@example.org`),
    }),
  },
  fc.record({ type: fc.constant('RevokeInvitation' as const), invitationId: invitation.map(invitationNumber) }),
  { weight: 5, arbitrary: fc.record({ type: fc.constant('ChangeRole' as const), memberId: person, role }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('ChangeTeamRole' as const),
      memberId: person,
      team: teamId,
      role: teamRole,
    }),
  },
  fc.record({ type: fc.constant('RemoveFromTeam' as const), memberId: person, team: teamId }),
  fc.record({ type: fc.constant('RemoveMember' as const), memberId: person, reason: fc.constant('') }),
  fc.record({ type: fc.constant('LeaveOrganization' as const) }),
  fc.record({ type: fc.constant('TransferOwnership' as const), to: person }),
);

const caller: fc.Arbitrary<Caller> = fc.oneof(
  { weight: 8, arbitrary: person.map(inPerson) },
  { weight: 2, arbitrary: fc.constant(byOperator) },
  fc.tuple(person, fc.subarray([...RIGHTS])).map(([id, limits]) => byToken(id, ...limits)),
  fc.constant(byAgent),
);

interface Step {
  readonly command: MemberCommand;
  readonly caller: Caller;
  readonly after: number;
}

const history: fc.Arbitrary<readonly Step[]> = fc.array(fc.record({ command, caller, after: fc.nat({ max: 4_000 }) }), {
  minLength: 1,
  maxLength: 60,
});

/** An owner, an admin, a lead and a developer to begin with, so that there is something to take. */
const beginnings: readonly MemberEvent[] = (['owner', 'admin', 'member', 'developer'] as const).map((first, index) => ({
  type: 'MemberJoined',
  data: {
    memberId: memberNumber(index + 1),
    userId: `user-${memberNumber(index + 1)}`,
    invitationId: invitationNumber(90 + index),
    role: first,
    teams: first === 'member' ? [{ teamId: treasury, role: 'lead' as const }] : [],
    at: start,
  },
}));

/** Walks a history and shows every accepted event with the state just before it. */
function walk(
  steps: readonly Step[],
  look: (event: MemberEvent, before: PeopleState, by: Caller) => void,
): PeopleState {
  const state = emptyPeople();
  for (const event of [...organization, ...beginnings]) evolvePeople(state, event);
  let now = start;
  for (const step of steps) {
    now = later(now, step.after);
    const decision = decideMember(step.command, state, step.caller, now);
    for (const event of decision.outcome === 'accepted' ? decision.events : []) {
      look(event, state, step.caller);
      evolvePeople(state, event);
      claimInvariants(state);
    }
  }
  return state;
}

const active = ({ members }: PeopleState) => [...members.values()].filter(({ status }) => status === 'active');

function claim(isTrue: boolean, words: string) {
  if (!isTrue) throw new Error(words);
}

function claimInvariants(state: PeopleState) {
  claim(
    active(state).some(({ role: held }) => held === 'owner'),
    'there is no owner',
  );
  const users = [...state.members.values()].map(({ userId }) => userId);
  claim(new Set(users).size === users.length, 'a person is two members');
  for (const member of active(state))
    claim(
      !['auditor', 'viewer'].includes(member.role) || Object.values(member.teams).every((inTeam) => inTeam === 'none'),
      `${member.role} is lead or approver`,
    );
}

/** What one may give, said without the matrix: owners everything, admins all but owners, leads roles in their teams. */
const mayGiveRole = (giver: string | undefined, given: OrganizationRole) =>
  giver === 'owner' || (giver === 'admin' && given !== 'owner');

const memberOf = (state: PeopleState, id: string) => active(state).find(({ memberId }) => memberId === id);

function claimGiven(event: MemberEvent, before: PeopleState, by: Caller) {
  if (event.type === 'MemberJoined') return claimJoined(event.data, before);
  claim(by.actor.kind !== 'agent', 'an agent changed something');
  if (by.actor.kind === 'operator') return undefined;

  const giver = memberOf(before, by.actor.id);
  if (!giver) throw new Error('a stranger changed something');
  switch (event.type) {
    case 'MemberInvited':
      return claim(mayGiveRole(giver.role, event.data.role), 'invited to more');
    case 'MemberRoleChanged': {
      const { role: old = 'owner' } = memberOf(before, event.data.memberId) ?? {};
      return claim(mayGiveRole(giver.role, event.data.role) && mayGiveRole(giver.role, old), 'gave or took a role');
    }
    case 'OwnershipTransferred':
      return claim(giver.role === 'owner', 'gave what was not theirs');
    case 'MemberTeamRoleChanged':
      return claimTeamRole(event.data, giver, by);
    default:
      return undefined;
  }
}

function claimTeamRole({ teamId: team, role: given }: TeamRoleData, giver: Member, { tokenRights }: Caller) {
  const manages = giver.role === 'owner' || giver.role === 'admin' || giver.teams[team] === 'lead';
  claim(manages, 'gave a role in a team that they do not manage');
  const adds = given === 'none' ? [] : (['approvals:decide', 'stops:place'] as const);
  claim(tokenRights === null || adds.every((each) => tokenRights.includes(each)), 'a token gave more than it names');
}

type TeamRoleData = Extract<MemberEvent, { type: 'MemberTeamRoleChanged' }>['data'];

function claimJoined({ invitationId, role: got, teams, memberId }: JoinedData, before: PeopleState) {
  const given = before.invitations.get(invitationId);
  claim(given?.status === 'open' && given.role === got, 'joined by what was not given');
  claim(JSON.stringify(given?.teams) === JSON.stringify(teams), 'joined more teams than were given');
  claim(memberOf(before, memberId) === undefined, 'joined twice');
  const giver = given?.invitedBy;
  claim(
    giver === null || mayGiveRole(memberOf(before, giver as MemberId)?.role, got),
    'a void invitation was accepted',
  );
}

type JoinedData = Extract<MemberEvent, { type: 'MemberJoined' }>['data'];

describe('over generated histories', { timeout: 60_000 }, () => {
  it('there is always an owner, a person is one member, and who audits decides nothing', () =>
    fc.assert(
      fc.property(history, (steps) => {
        walk(steps, () => undefined);
      }),
      { numRuns, seed },
    ));

  it('I4: nobody gives more than they hold, and no agent gives anything', () =>
    fc.assert(
      fc.property(history, (steps) => {
        walk(steps, claimGiven);
      }),
      { numRuns, seed },
    ));
});
