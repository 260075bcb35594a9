import { AgentProfile, emptyAgents, evolveAgents } from '@countersign/agents';
import {
  emptyIdentity,
  evolveIdentity,
  operator,
  refusalOf,
  registryProblems,
  type MemberStanding,
  type OrganizationRole,
  type TeamRole,
} from '@countersign/identity';
import { AgentId, MemberId, Name, OrganizationId, TeamId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { PolicyCommand } from './policy.commands.ts';
import type { AttachmentPoint } from './policy.events.ts';
import { policyDemand, policyRights } from './policy.rights.ts';
import { emptyPolicies, evolvePolicies } from './policy.state.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;
const lovelace = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
const treasury = TeamId.parse(numbered('team', 1));
const legal = TeamId.parse(numbered('team', 2));
const clerk = AgentId.parse(numbered('agt', 11));
const scribe = AgentId.parse(numbered('agt', 12));

/** The clerk is the treasury's, the scribe is legal's; the policy `guard` exists and is attached where told. */
function organization(...points: readonly AttachmentPoint[]) {
  const state = { ...emptyIdentity(), ...emptyAgents(), ...emptyPolicies() };
  const data = { organizationId: lovelace, name: Name.parse('lovelace'), timeZone: 'UTC' };
  evolveIdentity(state, { type: 'OrganizationCreated', data });
  evolveIdentity(state, { type: 'TeamCreated', data: { teamId: treasury, name: Name.parse('treasury') } });
  evolveIdentity(state, { type: 'TeamCreated', data: { teamId: legal, name: Name.parse('legal') } });
  const profile = AgentProfile.parse({});
  for (const [agentId, name, teamId] of [
    [clerk, 'clerk', treasury],
    [scribe, 'scribe', legal],
  ] as const)
    evolveAgents(state, { type: 'AgentRegistered', data: { agentId, name: Name.parse(name), teamId, profile } });
  const guard = Name.parse('guard');
  evolvePolicies(state, {
    type: 'PolicyPublished',
    data: { name: guard, version: 1, document: text('guard'), note: '' },
  });
  for (const point of points) evolvePolicies(state, { type: 'PolicyAttached', data: { name: guard, ...point } });
  return state;
}

const text = (name: string) => `apiVersion: countersign/v1\nname: ${name}\nallow: ["llm.chat:*"]\n`;

const inTreasury = (role: OrganizationRole, teamRole: TeamRole, leadsPublish = true): MemberStanding => ({
  kind: 'member',
  organizationId: lovelace,
  memberId: MemberId.parse(numbered('mem', 1)),
  role,
  teams: { [treasury]: teamRole },
  tokenRights: null,
  leadsPublish,
});
const lead = inTreasury('member', 'lead');
const admin = inTreasury('admin', 'none', false);

const ofClerk: AttachmentPoint = { layer: 'agent', point: clerk };
const elsewhere: Readonly<Record<string, AttachmentPoint>> = {
  'another team’s agent': { layer: 'agent', point: scribe },
  'the team': { layer: 'team', point: 'treasury' },
  'the organization': { layer: 'organization', point: 'lovelace' },
  'a user': { layer: 'user', point: 'customer-1' },
  'an agent that is absent': { layer: 'agent', point: 'cook' },
  'a team that is absent': { layer: 'team', point: 'marketing' },
};

type Who = Parameters<typeof refusalOf>[0];
const mayDo = (who: Who, wish: object, state = organization()) =>
  refusalOf(who, policyDemand(PolicyCommand.parse(wish), state)) === null;
const publish = (name: string) => ({ type: 'PublishPolicy', document: text(name) });
const attach = (point: AttachmentPoint) => ({ type: 'AttachPolicy', name: 'guard', ...point });
const detach = (point: AttachmentPoint) => ({ type: 'DetachPolicy', name: 'guard', ...point });

describe('the right to publish', () => {
  it('is named by every command about policies', () => {
    const names = PolicyCommand.options.map(({ shape }) => shape.type.value);
    expect(registryProblems(names, policyRights)).toEqual([]);
  });

  it('lets a lead attach to and detach from an agent of the team, if the organization lets leads publish', () => {
    for (const wish of [attach(ofClerk), detach(ofClerk), attach({ layer: 'agent', point: 'clerk' })]) {
      expect(mayDo(lead, wish)).toBe(true);
      expect(mayDo(inTreasury('member', 'lead', false), wish)).toBe(false);
      expect(mayDo(inTreasury('member', 'approver'), wish)).toBe(false);
      expect(mayDo(admin, wish)).toBe(true);
    }
  });

  it.each(Object.entries(elsewhere))('lets a lead attach nothing to %s', (_what, point) => {
    for (const wish of [attach(point), detach(point)]) {
      expect(mayDo(lead, wish)).toBe(false);
      expect(mayDo(admin, wish)).toBe(true);
      expect(mayDo(operator, wish)).toBe(true);
    }
  });

  it('lets a lead publish what is new, or in force for agents of the team only', () => {
    expect(mayDo(lead, publish('refunds'))).toBe(true);
    expect(mayDo(lead, publish('guard'), organization(ofClerk))).toBe(true);
    expect(mayDo(inTreasury('member', 'lead', false), publish('refunds'))).toBe(false);
    expect(mayDo(inTreasury('developer', 'none'), publish('refunds'))).toBe(false);
  });

  // One version is in force wherever the policy is attached: publishing it for one's own agent publishes it for all.
  it.each(Object.entries(elsewhere))('lets a lead publish nothing that is in force at %s too', (_what, point) => {
    for (const state of [organization(ofClerk, point), organization(point, ofClerk)]) {
      expect(mayDo(lead, publish('guard'), state)).toBe(false);
      expect(mayDo(admin, publish('guard'), state)).toBe(true);
    }
  });

  it('lets a lead publish nothing that somebody else may attach next', () => {
    expect(mayDo(lead, publish('guard'))).toBe(false);
    expect(mayDo(admin, publish('guard'))).toBe(true);
  });

  it('shows a lead the problems of a text that is none', () =>
    expect(mayDo(lead, { type: 'PublishPolicy', document: 'name: [' })).toBe(true));
});
