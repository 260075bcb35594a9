import { AgentProfile, emptyAgents, evolveAgents, type AgentEvent } from '@countersign/agents';
import {
  emptyIdentity,
  emptyMembers,
  evolveIdentity,
  evolveMembers,
  memberEvents,
  organizationEvents,
  refusalOf,
  standingOf,
  type MemberEvent,
  type OrganizationEvent,
  type OrganizationRole,
  type TeamRole,
} from '@countersign/identity';
import {
  AgentId,
  instant,
  InvitationId,
  MemberId,
  Name,
  OrganizationId,
  PublicationId,
  rejected,
  TeamId,
  type Actor,
  type Decided,
} from '@countersign/kernel';
import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { PolicyCommand } from './policy.commands.ts';
import { decidePolicy, publicationOf } from './policy.decider.ts';
import { policyEvents, type PolicyEvent } from './policy.events.ts';
import { policyDemand } from './policy.rights.ts';
import { emptyPolicies, evolvePolicies, type Publication } from './policy.state.ts';
import { confirmersOf, type PublicationFacts } from './publication.decider.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;
const lovelace = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
const treasury = TeamId.parse(numbered('team', 1));
const legal = TeamId.parse(numbered('team', 2));
const clerk = AgentId.parse(numbered('agt', 11));
const scribe = AgentId.parse(numbered('agt', 12));
const [ada, grace, edith, mary, joan] = [1, 2, 3, 4, 5].map((n) => MemberId.parse(numbered('mem', n))) as [
  MemberId,
  MemberId,
  MemberId,
  MemberId,
  MemberId,
];
const pub = (n: number) => PublicationId.parse(numbered('pub', n));
const now = instant(Date.UTC(2026, 2, 2, 10));

type Event = OrganizationEvent | MemberEvent | AgentEvent | PolicyEvent;

function evolve(state: PublicationFacts, event: Event): void {
  if (event.type in organizationEvents) evolveIdentity(state, event as OrganizationEvent);
  else if (event.type in memberEvents) evolveMembers(state, event as MemberEvent);
  else if (event.type in policyEvents) evolvePolicies(state, event as PolicyEvent);
  else evolveAgents(state, event as AgentEvent);
}

const empty = (): PublicationFacts => ({ ...emptyIdentity(), ...emptyMembers(), ...emptyAgents(), ...emptyPolicies() });

interface Given {
  readonly command: PolicyCommand;
  readonly by: Actor;
}

/** As under the lock: rights first, which do not bind the operator. */
function decide({ command, by }: Given, state: PublicationFacts): Decided<PolicyEvent, unknown> {
  const standing = standingOf({ actor: by, tokenRights: null }, state);
  const refusal = standing.kind === 'operator' ? null : refusalOf(standing, policyDemand(command, state));
  return refusal ? rejected(refusal) : decidePolicy(command, state, { by, at: now });
}

const { given } = specFor<PublicationFacts, Given, Event, unknown>({ initialState: empty, evolve, decide, at: now });

const joined = (memberId: MemberId, role: OrganizationRole, teamRole?: TeamRole): MemberEvent => ({
  type: 'MemberJoined',
  data: {
    memberId,
    userId: `user of ${memberId}`,
    invitationId: InvitationId.parse(memberId.replace('mem_', 'inv_')),
    role,
    teams: teamRole ? [{ teamId: treasury, role: teamRole }] : [],
    at: now,
  },
});
const became = (memberId: MemberId, role: OrganizationRole): MemberEvent => ({
  type: 'MemberRoleChanged',
  data: { memberId, role },
});

const settings = (policyFourEyes: boolean): OrganizationEvent => ({
  type: 'SettingsChanged',
  data: { settings: { policyFourEyes, ownAgentApproval: false, leadsPublish: true } },
});
const team = (teamId: TeamId, name: string): OrganizationEvent => ({
  type: 'TeamCreated',
  data: { teamId, name: Name.parse(name) },
});
const agent = (agentId: AgentId, name: string, teamId: TeamId): AgentEvent => ({
  type: 'AgentRegistered',
  data: { agentId, name: Name.parse(name), teamId, profile: AgentProfile.parse({}) },
});

const text = (intent: string) => `apiVersion: countersign/v1\nname: guard\nallow: ["${intent}:*"]\n`;
const published = (version: number, document = text('llm.chat')): PolicyEvent => ({
  type: 'PolicyPublished',
  data: { name: Name.parse('guard'), version, document, note: '' },
});

/** The clerk is the treasury's and the scribe is legal's; Ada owns, Grace is admin, Edith develops, Mary and Joan lead. */
const organization: readonly Event[] = [
  { type: 'OrganizationCreated', data: { organizationId: lovelace, name: Name.parse('lovelace'), timeZone: 'UTC' } },
  ...[
    team(treasury, 'treasury'),
    team(legal, 'legal'),
    agent(clerk, 'clerk', treasury),
    agent(scribe, 'scribe', legal),
  ],
  ...[joined(ada, 'owner'), joined(grace, 'admin'), joined(edith, 'developer')],
  ...[joined(mary, 'member', 'lead'), joined(joan, 'member', 'lead')],
];
const history = (...events: readonly Event[]) => [...organization, settings(true), published(1), ...events];

const member = (id: MemberId): Actor => ({ kind: 'member', id, method: 'session', credential: 'ses_1' });
const operator: Actor = { kind: 'operator', id: 'cli', method: 'operator-token', credential: 'op_1' };
/** An agent that calls itself by a member's id. */
const byAgent: Actor = { kind: 'agent', id: grace, method: 'agent-key', credential: 'key_1' };

const says = (by: Actor, wish: object): Given => ({ command: PolicyCommand.parse(wish), by });
const publish = (document = text('crm.read'), n = 1) => ({
  ...{ type: 'PublishPolicy', document, note: 'more', publicationId: pub(n) },
});
const atClerk = { name: 'guard', layer: 'agent', point: 'clerk' };
const attach = (point: object) => ({ type: 'AttachPolicy', publicationId: pub(1), ...point });
const detach = (point: object) => ({ type: 'DetachPolicy', publicationId: pub(1), ...point });
const confirm = (n = 1) => ({ type: 'ConfirmPublication', publicationId: pub(n) });
const rejects = (n = 1) => ({ type: 'RejectPublication', publicationId: pub(n), reason: 'no' });

const name = Name.parse('guard');
const changes = {
  publish: { kind: 'publish', document: text('crm.read'), note: 'more' },
  attach: { kind: 'attach', layer: 'agent', point: clerk },
  detach: { kind: 'detach', layer: 'agent', point: clerk },
} as const;
const proposed = (
  change: Publication['change'] = changes.publish,
  { by = { kind: 'member', id: ada }, n = 1, baseVersion = 1 }: Partial<Publication> & { n?: number } = {},
): PolicyEvent => ({
  type: 'PublicationProposed',
  data: { publicationId: pub(n), name, baseVersion, change, by, at: now },
});
const confirmed = (by: MemberId): PolicyEvent => ({
  type: 'PublicationConfirmed',
  data: { publicationId: pub(1), name, by },
});
const attached = (point: AgentId): PolicyEvent => ({ type: 'PolicyAttached', data: { name, layer: 'agent', point } });
const detached: PolicyEvent = { type: 'PolicyDetached', data: { name, layer: 'agent', point: clerk } };
const version2: PolicyEvent = {
  type: 'PolicyPublished',
  data: { name, version: 2, document: text('crm.read'), note: 'more' },
};

describe('under four eyes', () => {
  it('a change of what is in force waits, with all that it would change', () => {
    given(...history())
      .when(says(member(ada), publish()))
      .then(proposed());
    given(...history())
      .when(says(member(ada), attach(atClerk)))
      .then(proposed(changes.attach));
    given(...history(attached(clerk)))
      .when(says(member(ada), detach(atClerk)))
      .then(proposed(changes.detach));
    const first = proposed(changes.publish, { baseVersion: 0 });
    given(...organization, settings(true))
      .when(says(member(ada), publish()))
      .then(first);
  });

  it('an operator’s waits as well', () =>
    given(...history())
      .when(says(operator, publish()))
      .then(proposed(changes.publish, { by: { kind: 'operator', id: 'cli' } })));

  it('what is wrong with a change is told at once, and what changes nothing waits for nobody', () => {
    const conflict = { code: 'policies.version_conflict', expected: 7, current: 1 };
    given(...history())
      .when(says(member(ada), { ...publish(), expectedVersion: 7 }))
      .thenRejected(conflict);
    given(...history())
      .when(says(member(ada), publish(text('llm.chat'))))
      .thenNothing();
    given(...history(attached(clerk)))
      .when(says(member(ada), attach(atClerk)))
      .thenNothing();
  });

  it('wanting the same again, or by somebody else, is wanting it once', () => {
    const again = { ...publish(text('crm.read'), 2), note: 'another note' };
    for (const by of [ada, grace])
      given(...history(proposed()))
        .when(says(member(by), again))
        .thenNothing();
    const other = publish(text('crm.write'), 2);
    const change = { ...changes.publish, document: text('crm.write') };
    given(...history(proposed()))
      .when(says(member(ada), other))
      .then(proposed(change, { n: 2 }));
    // What followed an older version can only be rejected, so the same on top of today's is something else.
    const [onTwo, onOne] = [proposed(changes.publish, { n: 2, baseVersion: 2 }), proposed()];
    given(...history(onOne, published(2)))
      .when(says(member(ada), publish(text('crm.read'), 2)))
      .then(onTwo);
  });

  it('no more waits than somebody looks through', () => {
    const waiting = Array.from({ length: 20 }, (_, n) =>
      proposed({ ...changes.publish, document: text(`crm.n${n}`) }, { n: n + 100 }),
    );
    const refusal = { code: 'policies.too_many_publications', most: 20 };
    given(...history(...waiting))
      .when(says(member(ada), publish()))
      .thenRejected(refusal);
    given(...history(...waiting.slice(1)))
      .when(says(member(ada), publish()))
      .then(proposed());
  });

  it('what comes by a way that cannot wait is refused', () => {
    const { publicationId: _, ...wish } = publish();
    given(...history())
      .when(says(member(ada), wish))
      .thenRejected({ code: 'policies.second_person_needed' });
  });

  it('nothing waits while the setting is off', () =>
    given(...organization, settings(false), published(1))
      .when(says(member(ada), publish()))
      .then(version2));
});

describe('confirming', () => {
  it.each([
    ['a version', proposed(), [], version2],
    ['an attachment', proposed(changes.attach), [], attached(clerk)],
    ['a detachment', proposed(changes.detach), [attached(clerk)], detached],
  ] as const)('puts %s in force, by somebody else', (_, waiting, before, change) => {
    given(...history(...before, waiting))
      .when(says(member(grace), confirm()))
      .then(confirmed(grace), change);
  });

  it('is never for who wants it, whatever they are', () => {
    given(...history(proposed()))
      .when(says(member(ada), confirm()))
      .thenRejected({ code: 'policies.own_publication' });
  });

  it('is for persons: an operator’s token is none, and an agent is nobody', () => {
    const byOperator = proposed(changes.publish, { by: { kind: 'operator', id: 'cli' } });
    for (const waiting of [proposed(), byOperator])
      given(...history(waiting))
        .when(says(operator, confirm()))
        .thenRejected({ code: 'policies.members_confirm' });
    given(...history(byOperator))
      .when(says(member(grace), confirm()))
      .then(confirmed(grace), version2);
    const forbidden = { code: 'identity.forbidden', right: 'policies:publish' };
    given(...history(proposed()))
      .when(says(byAgent, confirm()))
      .thenRejected(forbidden);
  });

  it('takes the right to publish it there, as things stand by then', () => {
    const forbidden = { code: 'identity.forbidden', right: 'policies:publish' };
    for (const by of [edith, mary])
      given(...history(attached(scribe), proposed()))
        .when(says(member(by), confirm()))
        .thenRejected(forbidden);
    given(...history(proposed(), became(grace, 'member')))
      .when(says(member(grace), confirm()))
      .thenRejected(forbidden);
    // A lead confirms what is in force for agents of the team and nowhere else.
    given(...history(attached(clerk), proposed()))
      .when(says(member(mary), confirm()))
      .then(confirmed(mary), version2);
    given(...history(attached(clerk), proposed(), attached(scribe)))
      .when(says(member(mary), confirm()))
      .thenRejected(forbidden);
  });

  it('refuses what follows a version that is no longer in force', () => {
    const conflict = { code: 'policies.version_conflict', expected: 1, current: 2 };
    for (const change of Object.values(changes))
      given(...history(attached(clerk), proposed(change), published(2, text('crm.write'))))
        .when(says(member(grace), confirm()))
        .thenRejected(conflict);
  });

  it('refuses what its giver could no longer publish', () => {
    for (const lost of [became(ada, 'member'), { type: 'MemberLeft', data: { memberId: ada } } as const])
      given(...history(proposed(), lost))
        .when(says(member(grace), confirm()))
        .thenRejected({ code: 'policies.publication_void' });
  });

  it('judges the change itself anew', () => {
    given(...history(proposed(changes.detach)))
      .when(says(member(grace), confirm()))
      .thenRejected({ code: 'policies.not_found', name });
    // Attached meanwhile, while the setting was off: nothing is left to do.
    given(...history(proposed(changes.attach), attached(clerk)))
      .when(says(member(grace), confirm()))
      .then(confirmed(grace));
  });

  it('happens once', () => {
    const absent = { code: 'policies.publication_not_found', publicationId: pub(1) };
    given(...history(proposed(), confirmed(grace), version2))
      .when(says(member(grace), confirm()))
      .thenRejected(absent);
    given(...history())
      .when(says(member(grace), confirm()))
      .thenRejected(absent);
    // Whoever may not publish everywhere is not told whether it ever waited.
    given(...history())
      .when(says(member(mary), confirm()))
      .thenRejected({ code: 'identity.forbidden', right: 'policies:publish' });
  });
});

describe('rejecting', () => {
  const rejectedBy = (kind: 'member' | 'operator', id: string): PolicyEvent => ({
    type: 'PublicationRejected',
    data: { publicationId: pub(1), name, reason: 'no', by: { kind, id } },
  });

  it('is for whoever may publish it, who wants it included, and for the operator', () => {
    for (const by of [ada, grace])
      given(...history(proposed()))
        .when(says(member(by), rejects()))
        .then(rejectedBy('member', by));
    given(...history(proposed()))
      .when(says(operator, rejects()))
      .then(rejectedBy('operator', 'cli'));
    given(...history(proposed()))
      .when(says(member(edith), rejects()))
      .thenRejected({ code: 'identity.forbidden', right: 'policies:publish' });
  });

  it('ends it', () => {
    const absent = { code: 'policies.publication_not_found', publicationId: pub(1) };
    for (const wish of [confirm(), rejects()])
      given(...history(proposed(), rejectedBy('member', grace)))
        .when(says(member(grace), wish))
        .thenRejected(absent);
  });
});

describe('who is told', () => {
  const after = (...events: readonly Event[]) => {
    const state = empty();
    for (const event of events) evolve(state, event);
    return state;
  };

  it('names the members who may confirm it, and never who wants it', () => {
    const state = after(...history(attached(clerk), proposed()));
    const [publication] = [...state.publications.values()];
    expect(confirmersOf(publication as Publication, state)).toEqual([grace, mary, joan]);
  });

  it('finds what waits by the command that would do it', () => {
    const command = PolicyCommand.parse(publish()) as Parameters<typeof publicationOf>[0];
    expect(publicationOf(command, after(...history(proposed())))?.publicationId).toBe(pub(1));
    expect(publicationOf(command, after(...history()))).toBeUndefined();
    expect(publicationOf(command, after(...history(proposed(), confirmed(grace), version2)))).toBeUndefined();
  });
});
