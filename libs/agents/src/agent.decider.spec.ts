import {
  emptyIdentity,
  emptyMembers,
  evolveIdentity,
  evolveMembers,
  type IdentityState,
  type MemberEvent,
  type MembersState,
  type OrganizationEvent,
} from '@countersign/identity';
import { InvitationId, MemberId, Name, StopId } from '@countersign/kernel';
import { emptyStops, evolveStops, type StopEvent, type StopsState } from '@countersign/stops';
import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { AgentCommand } from './agent.commands.ts';
import { decideAgent } from './agent.decider.ts';
import type { AgentEvent } from './agent.events.ts';
import {
  at,
  clerk,
  clerkKey,
  clerkRegistered,
  clerkRetired,
  keyIssued,
  keyRevoked,
  legal,
  legalCreated,
  profile,
  scribe,
  treasury,
  treasuryCreated,
  unknownKey,
} from './agent.mother.ts';
import { emptyAgents, evolveAgents, findAgent, keyRefusal, type AgentsState } from './agent.state.ts';

type State = AgentsState & IdentityState & MembersState & StopsState;
type SpokenOf = AgentEvent | OrganizationEvent | StopEvent | MemberEvent;

const { given } = specFor<State, AgentCommand, SpokenOf, unknown>({
  initialState: () => ({ ...emptyAgents(), ...emptyIdentity(), ...emptyMembers(), ...emptyStops() }),
  evolve,
  decide: (command, state, when) => decideAgent(command, state, { at: when }),
  at: at('10:00'),
});

function evolve(state: State, event: SpokenOf): void {
  if (event.type === 'StopPlaced') evolveStops(state, event);
  else if (event.type === 'TeamCreated') evolveIdentity(state, event);
  else if (event.type.startsWith('Member')) evolveMembers(state, event as MemberEvent);
  else evolveAgents(state, event as AgentEvent);
}

const treasuryStopped = {
  type: 'StopPlaced',
  data: {
    stopId: StopId.parse(`stp_${'1'.padStart(32, '0')}`),
    scope: { kind: 'team', teamId: treasury },
    reason: '',
    by: { kind: 'operator', id: 'ada' },
    rank: 'owner',
    at: at('09:00'),
  },
} as const satisfies StopEvent;

const command = (wish: object) => AgentCommand.parse(wish);
const register = { type: 'RegisterAgent', agentId: clerk, name: 'clerk', team: 'treasury', profile };
const change = { type: 'ChangeAgent', agent: 'clerk', profile };
const retire = { type: 'RetireAgent', agent: 'clerk', reason: 'replaced by scribe' };
const revoke = { type: 'RevokeAgentKey', keyId: clerkKey, reason: 'seen in a log' };
const { agentId: _, ...key } = keyIssued.data;
const issue = { type: 'IssueAgentKey', agent: 'clerk', ...key };

describe('registering an agent', () => {
  it('puts it in the team that was named, with what no report can add later', () => {
    given(treasuryCreated).when(command(register)).then(clerkRegistered);
  });

  it('refuses a team that does not exist', () => {
    given(treasuryCreated)
      .when(command({ ...register, team: 'legal' }))
      .thenRejected({ code: 'agents.team_not_found', team: 'legal' });
  });

  it('refuses a name that is taken', () => {
    given(treasuryCreated, clerkRegistered)
      .when(command({ ...register, agentId: scribe }))
      .thenRejected({ code: 'agents.name_taken', name: 'clerk' });
  });

  // Reports name agents: a retired agent's past must never be read as another's.
  it('refuses the name of a retired agent', () => {
    given(treasuryCreated, clerkRegistered, clerkRetired)
      .when(command({ ...register, agentId: scribe }))
      .thenRejected({ code: 'agents.name_taken', name: 'clerk' });
  });
});

describe('changing an agent', () => {
  it('moves it to another team', () => {
    given(treasuryCreated, legalCreated, clerkRegistered)
      .when(command({ ...change, team: 'legal' }))
      .then({ type: 'AgentChanged', data: { agentId: clerk, teamId: legal, profile } });
  });

  it('does not move it out of the scope of a stop', () => {
    const inForce = given(treasuryCreated, legalCreated, clerkRegistered, treasuryStopped);
    inForce
      .when(command({ ...change, team: 'legal' }))
      .thenRejected({ code: 'agents.stopped', agent: 'clerk', stopId: treasuryStopped.data.stopId });
  });

  it('leaves it in its team when none is named', () => {
    given(treasuryCreated, clerkRegistered)
      .when(command({ ...change, agent: clerk }))
      .then({ type: 'AgentChanged', data: { agentId: clerk, teamId: treasury, profile } });
  });

  it('refuses a team that does not exist', () => {
    given(treasuryCreated, clerkRegistered)
      .when(command({ ...change, team: 'legal' }))
      .thenRejected({ code: 'agents.team_not_found', team: 'legal' });
  });

  it('refuses an agent that does not exist', () => {
    given(treasuryCreated).when(command(change)).thenRejected({ code: 'agents.not_found', agent: 'clerk' });
  });

  it('refuses a retired agent', () => {
    given(treasuryCreated, clerkRegistered, clerkRetired)
      .when(command(change))
      .thenRejected({ code: 'agents.retired', agent: 'clerk' });
  });
});

describe('retiring an agent', () => {
  it('records why', () => {
    given(treasuryCreated, clerkRegistered).when(command(retire)).then(clerkRetired);
  });

  it('does nothing the second time', () => {
    given(treasuryCreated, clerkRegistered, clerkRetired).when(command(retire)).thenNothing();
  });

  it('refuses an agent that does not exist', () => {
    given().when(command(retire)).thenRejected({ code: 'agents.not_found', agent: 'clerk' });
  });
});

describe('issuing a key', () => {
  it('I13: records its hash and its prefix, and has no field for the key itself', () => {
    given(treasuryCreated, clerkRegistered).when(command(issue)).then(keyIssued);
    expect(AgentCommand.safeParse({ ...issue, key: 'csk_Q0x' }).success).toBe(false);
  });

  it('refuses an expiry at this very instant', () => {
    given(treasuryCreated, clerkRegistered)
      .when(command({ ...issue, expiresAt: at('10:00') }))
      .thenRejected({ code: 'agents.key_already_expired' });
  });

  it('refuses a retired agent', () => {
    given(treasuryCreated, clerkRegistered, clerkRetired)
      .when(command(issue))
      .thenRejected({ code: 'agents.retired', agent: 'clerk' });
  });
});

describe('revoking a key', () => {
  it('records why', () => {
    given(treasuryCreated, clerkRegistered, keyIssued).when(command(revoke)).then(keyRevoked);
  });

  it('works on a retired agent too', () => {
    given(treasuryCreated, clerkRegistered, keyIssued, clerkRetired).when(command(revoke)).then(keyRevoked);
  });

  it('succeeds for both of two people in a hurry', () => {
    given(treasuryCreated, clerkRegistered, keyIssued, keyRevoked).when(command(revoke)).thenNothing();
  });

  it('refuses a key that does not exist', () => {
    given(treasuryCreated, clerkRegistered, keyIssued)
      .when(command({ ...revoke, keyId: unknownKey }))
      .thenRejected({ code: 'agents.key_not_found', keyId: unknownKey });
  });
});

describe('a key that is presented', () => {
  const after = (...events: readonly AgentEvent[]) => {
    const state = emptyAgents();
    for (const event of events) evolveAgents(state, event);
    return state;
  };
  const refusalAt = (clock: string, ...events: readonly AgentEvent[]) =>
    keyRefusal(after(...events).agentKeys.get(clerkKey), at(clock));

  it('is good until its expiry, and not at it', () => {
    expect(refusalAt('16:59', keyIssued)).toBeNull();
    expect(refusalAt('17:00', keyIssued)).toBe('expired');
  });

  it('is refused once revoked, as if it had never been', () => {
    expect(refusalAt('10:00', keyIssued, keyRevoked)).toBe('revoked');
    expect(refusalAt('10:00')).toBe('revoked');
  });

  it('leaves its agent as it was when an attempt is refused', () => {
    const attempt: AgentEvent = {
      type: 'AgentAttemptRefused',
      data: { agentId: clerk, keyId: clerkKey, operation: 'POST /operator/commands', minute: at('10:00'), count: 1 },
    };
    expect(after(clerkRegistered, keyIssued, attempt)).toEqual(after(clerkRegistered, keyIssued));
  });

  it('belongs to an agent that is found by id and by name', () => {
    const state = after(clerkRegistered);
    expect(findAgent(state, clerk)).toBe(findAgent(state, 'clerk'));
    expect(findAgent(state, 'scribe')).toBeUndefined();
  });
});

describe('the owner of an agent', () => {
  const ada = MemberId.parse(`mem_${'1'.padStart(32, '0')}`);
  const adaJoined: MemberEvent = {
    type: 'MemberJoined',
    data: {
      ...{ memberId: ada, userId: 'user-1', role: 'member', teams: [], at: at('08:00') },
      invitationId: InvitationId.parse(`inv_${'1'.padStart(32, '0')}`),
    },
  };
  const adaLeft: MemberEvent = { type: 'MemberLeft', data: { memberId: ada } };
  const owned = { ...profile, owner: ada };
  const ownedRegistered: AgentEvent = {
    type: 'AgentRegistered',
    data: { agentId: clerk, name: Name.parse('clerk'), teamId: treasury, profile: owned },
  };

  it('is a member', () => {
    given(treasuryCreated, adaJoined)
      .when(command({ ...register, profile: owned }))
      .then(ownedRegistered);
    given(treasuryCreated, adaJoined, clerkRegistered)
      .when(command({ ...change, profile: owned }))
      .then({ type: 'AgentChanged', data: { agentId: clerk, teamId: treasury, profile: owned } });
  });

  it.each(['ada', 'ada@example.com', 'user-1', `mem_${'9'.padStart(32, '0')}`])('is not `%s`', (owner) => {
    const rejection = { code: 'agents.owner_not_found', owner };
    given(treasuryCreated, adaJoined)
      .when(command({ ...register, profile: { ...profile, owner } }))
      .thenRejected(rejection);
    given(treasuryCreated, adaJoined, clerkRegistered)
      .when(command({ ...change, profile: { ...profile, owner } }))
      .thenRejected(rejection);
  });

  it('may have left, but then becomes nobody else who has', () => {
    given(treasuryCreated, adaJoined, ownedRegistered, adaLeft)
      .when(command({ ...change, profile: { ...owned, purpose: 'pays' } }))
      .then({
        type: 'AgentChanged',
        data: { agentId: clerk, teamId: treasury, profile: { ...owned, purpose: 'pays' } },
      });
    given(treasuryCreated, adaJoined, clerkRegistered, adaLeft)
      .when(command({ ...change, profile: owned }))
      .thenRejected({ code: 'agents.owner_not_found', owner: ada });
  });
});
