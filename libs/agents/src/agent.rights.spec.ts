import {
  emptyIdentity,
  evolveIdentity,
  operator,
  refusalOf,
  registryProblems,
  type MemberStanding,
  type OrganizationRole,
} from '@countersign/identity';
import { AgentId, MemberId, Name, OrganizationId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { AgentCommand } from './agent.commands.ts';
import type { AgentEvent } from './agent.events.ts';
import {
  clerk,
  clerkKey,
  clerkRegistered,
  keyIssued,
  legal,
  legalCreated,
  profile,
  scribe,
  treasury,
  treasuryCreated,
  unknownKey,
} from './agent.mother.ts';
import { agentDemand, agentRights } from './agent.rights.ts';
import { emptyAgents, evolveAgents } from './agent.state.ts';

const lovelace = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
const unused = AgentId.parse(`agt_${'19'.padStart(32, '0')}`);

/** Another team's agent. */
const ofLegal: AgentEvent = {
  type: 'AgentRegistered',
  data: { agentId: scribe, name: Name.parse('scribe'), teamId: legal, profile },
};

function organization() {
  const state = { ...emptyIdentity(), ...emptyAgents() };
  evolveIdentity(state, {
    type: 'OrganizationCreated',
    data: { organizationId: lovelace, name: Name.parse('lovelace'), timeZone: 'UTC' },
  });
  for (const event of [treasuryCreated, legalCreated]) evolveIdentity(state, event);
  for (const event of [clerkRegistered, keyIssued, ofLegal]) evolveAgents(state, event);
  return state;
}

/** Somebody in the treasury, and in no other team. */
const inTreasury = (role: OrganizationRole): MemberStanding => ({
  kind: 'member',
  organizationId: lovelace,
  memberId: MemberId.parse(`mem_${'1'.padStart(32, '0')}`),
  role,
  teams: { [treasury]: 'none' },
  tokenRights: null,
  leadsPublish: false,
});

const mayDo = (standing: Parameters<typeof refusalOf>[0], wish: object) =>
  refusalOf(standing, agentDemand(AgentCommand.parse(wish), organization())) === null;

const { agentId: _, ...key } = keyIssued.data;
const own = {
  register: { type: 'RegisterAgent', agentId: unused, name: 'cook', team: 'treasury' },
  change: { type: 'ChangeAgent', agent: 'clerk', profile },
  retire: { type: 'RetireAgent', agent: clerk },
  issue: { type: 'IssueAgentKey', agent: 'clerk', ...key },
  revoke: { type: 'RevokeAgentKey', keyId: clerkKey },
};
const foreign = {
  'register elsewhere': { ...own.register, team: 'legal' },
  'move away': { ...own.change, team: 'legal' },
  'take over': { ...own.change, agent: 'scribe', team: 'treasury' },
  'retire elsewhere': { ...own.retire, agent: 'scribe' },
  'register nowhere': { ...own.register, team: 'marketing' },
  'move nowhere': { ...own.change, team: 'marketing' },
  'retire nobody': { ...own.retire, agent: 'cook' },
  'revoke nothing': { ...own.revoke, keyId: unknownKey },
};

describe('the right to manage agents', () => {
  it('is named by every command about agents', () => {
    const names = AgentCommand.options.map(({ shape }) => shape.type.value);
    expect(registryProblems(names, agentRights)).toEqual([]);
  });

  it.each(Object.entries(own))('lets a developer %s an agent of their team', (_what, wish) => {
    expect(mayDo(inTreasury('developer'), wish)).toBe(true);
    expect(mayDo(inTreasury('member'), wish)).toBe(false);
    expect(mayDo({ ...inTreasury('developer'), teams: {} }, wish)).toBe(false);
  });

  // A developer who may not see another team must not learn what it has by being told what is absent.
  it.each(Object.entries(foreign))('lets a developer not %s, and an admin ask', (_what, wish) => {
    expect(mayDo(inTreasury('developer'), wish)).toBe(false);
    expect(mayDo(inTreasury('admin'), wish)).toBe(true);
    expect(mayDo(operator, wish)).toBe(true);
  });

  it('lets nobody do anything before there is an organization', () => {
    const nowhere = { ...emptyIdentity(), ...emptyAgents() };
    expect(refusalOf(inTreasury('owner'), agentDemand(AgentCommand.parse(own.register), nowhere))).not.toBeNull();
  });
});
