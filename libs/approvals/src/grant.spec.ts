import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { ApprovalCommand } from './approval.commands.ts';
import { decideApproval } from './approval.decider.ts';
import type { ApprovalEvent, ApprovalEventOf } from './approval.events.ts';
import type { ApprovalRejection } from './approval.rejections.ts';
import type { ApprovalsState } from './approval.state.ts';
import type { Ask } from './asks.ts';
import { evolveApprovals, useGrant } from './evolve.ts';
import type { ApprovalFacts } from './facts.ts';
import { grantCovering, grantReason, lapsedGrants, type CoverQuestion, type GrantGround } from './grant.covering.ts';
import { GrantTerms } from './grant.terms.ts';
import {
  ada,
  alan,
  approve,
  asAgent,
  asMember,
  at,
  audrey,
  barbara,
  byTwo,
  clerk,
  edsger,
  factsFor,
  grace,
  grantId,
  legalAsked,
  olive,
  opened,
  otherGrant,
  people,
  refund,
  refundInput,
  scribe,
  teamMonth,
  treasuryAsked,
} from './approval.mother.ts';

const rule = 'refunds over 50';
const terms = GrantTerms.parse({ pattern: 'refund.issue:*', when: 'args.amount <= 120.0', maxUsd: '2' });
const grantable = { input: refundInput, rules: [rule] };

const given: ApprovalEventOf<'GrantGiven'> = {
  ...{ grantId, approvalId: refund, agentId: clerk, onBehalfOf: null },
  counted: [{ teams: ['treasury'], members: [ada] }],
  rules: [rule],
  ...{ pattern: 'refund.issue:*', when: 'args.amount <= 120.0', uses: 5, maxUsd: '2' },
  expiresAt: at('11:00'),
};
const givenEvent: ApprovalEvent = { type: 'GrantGiven', data: given };
const offer = (changes: object = {}) => approve({ grant: { grantId, terms: { ...terms, ...changes } } });

const offering = (who: typeof ada, ask: Partial<Ask> = {}, changes: Partial<ApprovalFacts> = {}) =>
  specFor<ApprovalsState, ApprovalCommand, ApprovalEvent, ApprovalRejection>({
    initialState: () => opened(ask),
    evolve: evolveApprovals,
    decide: (wish, state, now) => decideApproval(wish, state, factsFor(asMember(who), { grantable, ...changes }), now),
    at: at('10:00'),
  }).given;

const votedBy = (who: typeof ada, granting: GrantTerms | null): ApprovalEvent => ({
  type: 'ApprovalVoted',
  data: { approvalId: refund, by: who, verdict: 'approve', digest: 'refund of 120', reason: null, grant: granting },
});

/** The types of events that the answer of one person brings. */
const typesOf = (who: typeof ada, wish: ApprovalCommand, history: readonly ApprovalEvent[], ask: Partial<Ask>) => {
  const state = opened(ask);
  for (const event of history) evolveApprovals(state, event);
  const decided = decideApproval(wish, state, factsFor(asMember(who), { grantable }), at('10:00'));
  return decided.outcome === 'accepted' ? decided.events.map(({ type }) => type) : decided.rejection.code;
};

describe('giving a grant', () => {
  it('takes five uses within an hour when nobody says otherwise', () => {
    expect(GrantTerms.parse({ pattern: 'refund.issue', when: null })).toMatchObject({
      uses: 5,
      forMs: 3_600_000,
      maxUsd: '0',
    });
    expect(GrantTerms.safeParse({ ...terms, uses: 101 }).success).toBe(false);
    expect(GrantTerms.safeParse({ ...terms, forMs: 86_400_001 }).success).toBe(false);
  });

  it('comes beside the permit, with the votes that the ask needs', () => {
    const types = ['ApprovalVoted', 'ApprovalApproved', 'GrantGiven'];
    expect(typesOf(ada, offer(), [], {})).toEqual(types);
    const state = opened();
    const decided = decideApproval(offer(), state, factsFor(asMember(ada), { grantable }), at('10:00'));
    expect(decided).toMatchObject({ events: [{}, {}, givenEvent] });
  });

  it('needs the same quorum for the very same terms', () => {
    const ask = { requirements: [byTwo] };
    expect(typesOf(grace, offer(), [votedBy(ada, terms)], ask)).toContain('GrantGiven');
    expect(typesOf(grace, offer(), [votedBy(ada, null)], ask)).toEqual(['ApprovalVoted', 'ApprovalApproved']);
    expect(typesOf(grace, approve(), [votedBy(ada, terms)], ask)).toEqual(['ApprovalVoted', 'ApprovalApproved']);
    expect(typesOf(grace, offer({ uses: 6 }), [votedBy(ada, terms)], ask)).toEqual([
      'ApprovalVoted',
      'ApprovalApproved',
    ]);
  });

  it('needs the same teams', () => {
    const ask = { requirements: [treasuryAsked, legalAsked] };
    expect(typesOf(barbara, offer(), [votedBy(ada, terms)], ask)).toContain('GrantGiven');
    expect(typesOf(barbara, offer(), [votedBy(ada, null)], ask)).toEqual(['ApprovalVoted', 'ApprovalApproved']);
  });

  it('is another answer than approving once', () => {
    const ask = { requirements: [byTwo] };
    expect(typesOf(ada, offer(), [votedBy(ada, null)], ask)).toEqual(['ApprovalVoted']);
    expect(typesOf(ada, offer(), [votedBy(ada, terms)], ask)).toEqual([]);
  });

  it('does not count whoever has since approved once', () => {
    const ask = { requirements: [byTwo] };
    const history = [votedBy(ada, terms), votedBy(ada, null)];
    expect(typesOf(grace, offer(), history, ask)).toEqual(['ApprovalVoted', 'ApprovalApproved']);
  });

  it('is refused for what wants people every time', () => {
    const everyTime = { code: 'grants.people_every_time' } as const;
    offering(ada, { requirements: [{ ...treasuryAsked, neverAutoApprove: true }] })()
      .when(offer())
      .thenRejected(everyTime);
    offering(ada, { budgets: [teamMonth] })()
      .when(offer())
      .thenRejected(everyTime);
    offering(ada, {}, { grantable: { ...grantable, rules: null } })()
      .when(offer())
      .thenRejected(everyTime);
  });

  it('is refused when it cannot be read, or would not cover the action before them', () => {
    expect(typesOf(ada, offer({ pattern: ':x' }), [], {})).toBe('grants.malformed');
    expect(typesOf(ada, offer({ when: 'args.amount <' }), [], {})).toBe('grants.malformed');
    expect(typesOf(ada, offer({ pattern: 'refund.read' }), [], {})).toBe('grants.not_covering');
    expect(typesOf(ada, offer({ when: 'args.amount < 120.0' }), [], {})).toBe('grants.not_covering');
    expect(typesOf(ada, offer({ when: 'args.reason == "x"' }), [], {})).toBe('grants.not_covering');
  });
});

describe('revoking a grant', () => {
  const revoke = ApprovalCommand.parse({ type: 'RevokeGrant', grantId, reason: 'enough' });
  const revoked = (by: typeof ada): ApprovalEvent => ({
    type: 'GrantRevoked',
    data: { grantId, by, reason: 'enough' },
  });

  it('is open to its teams, its givers, owners and admins', () => {
    for (const who of [ada, grace, olive, alan]) offering(who)(givenEvent).when(revoke).then(revoked(who));
    offering(
      ada,
      {},
      { people: people({ treasury: [] }) },
    )(givenEvent)
      .when(revoke)
      .then(revoked(ada));
  });

  it('does nothing once it stands no more', () => {
    offering(ada)(givenEvent, revoked(grace)).when(revoke).thenNothing();
    offering(ada)(givenEvent).when(revoke, at('11:00')).thenNothing();
  });

  it('I4: is for nobody else, and for no agent', () => {
    for (const who of [barbara, audrey])
      offering(who)(givenEvent).when(revoke).thenRejected({ code: 'grants.not_a_decider' });
    offering(
      ada,
      {},
      { by: asAgent(clerk) },
    )(givenEvent)
      .when(revoke)
      .thenRejected({ code: 'approvals.people_only' });
    offering(ada)().when(revoke).thenRejected({ code: 'grants.not_found', grantId });
  });
});

const stateWith = (...grants: readonly Partial<typeof given>[]) => {
  const state = opened();
  for (const changes of grants) evolveApprovals(state, { type: 'GrantGiven', data: { ...given, ...changes } });
  return state;
};

const ground: GrantGround = {
  electorate: factsFor(asMember(ada)),
  standingRules: new Set([rule, 'another']),
  isStopped: false,
};
const question: CoverQuestion = {
  agentId: clerk,
  input: { ...refundInput, target: 'order-1010', args: { amount: 60 } },
  requirements: [treasuryAsked],
  budgets: [],
  rules: [rule],
  nanos: 400_000_000n,
};

const covering = (
  wish: Partial<CoverQuestion> = {},
  changes: Partial<GrantGround> = {},
  { state = stateWith({}), clock = '10:30' } = {},
) =>
  grantCovering({ ...question, ...wish }, state.grants.values(), () => ({ ...ground, ...changes }), at(clock))?.grantId;

describe('a grant', () => {
  it('covers its class of actions, for its agent', () => {
    expect(covering()).toBe(grantId);
    expect(covering({ agentId: scribe })).toBeUndefined();
    expect(covering({ input: { ...question.input, intent: 'refund.read' } })).toBeUndefined();
    expect(covering({ input: { ...question.input, args: { amount: 121 } } })).toBeUndefined();
  });

  it('covers nothing whose condition has no outcome', () => {
    expect(covering({ input: { ...question.input, args: {} } })).toBeUndefined();
  });

  it('never covers what wants people every time, what a budget asked, or another rule', () => {
    expect(covering({ requirements: [{ ...treasuryAsked, neverAutoApprove: true }] })).toBeUndefined();
    expect(covering({ budgets: [teamMonth] })).toBeUndefined();
    expect(covering({ rules: [rule, 'another'] })).toBeUndefined();
    expect(covering({ rules: null })).toBeUndefined();
  });

  it('covers only what its givers could have approved', () => {
    expect(covering({ requirements: [byTwo] })).toBeUndefined();
    expect(covering({ requirements: [treasuryAsked, legalAsked] })).toBeUndefined();
    const counted = [{ teams: ['treasury'], members: [ada, grace] }];
    expect(covering({ requirements: [byTwo] }, {}, { state: stateWith({ counted }) })).toBe(grantId);
  });

  it('stands until its time', () => {
    expect(covering({}, {}, { clock: '10:59' })).toBe(grantId);
    expect(covering({}, {}, { clock: '11:00' })).toBeUndefined();
  });

  it('is used up by its uses', () => {
    const state = stateWith({ uses: 2 });
    expect(grantReason(state.grants.get(grantId) as never).message).toContain('1 more uses are left');
    useGrant(state, grantId, 0n);
    expect(covering({}, {}, { state })).toBe(grantId);
    expect(grantReason(state.grants.get(grantId) as never).message).toContain('last use');
    useGrant(state, grantId, 0n);
    expect(covering({}, {}, { state })).toBeUndefined();
    expect(state.grants.get(grantId)?.status).toBe('used_up');
  });

  it('covers as much money as it says, in all its uses, and nothing of unknown cost', () => {
    const state = stateWith({});
    expect(covering({ nanos: 2_000_000_000n }, {}, { state })).toBe(grantId);
    expect(covering({ nanos: 2_000_000_001n }, {}, { state })).toBeUndefined();
    expect(covering({ nanos: null }, {}, { state })).toBeUndefined();
    useGrant(state, grantId, 1_600_000_001n);
    expect(state.grants.get(grantId)?.usdLeft).toBe('0.399999999');
    expect(covering({}, {}, { state })).toBeUndefined();
    expect(covering({ nanos: 0n }, {}, { state })).toBe(grantId);
    // More than was left: two that were decided together.
    useGrant(state, grantId, 1_600_000_001n);
    expect(state.grants.get(grantId)?.usdLeft).toBe('0');
    expect(covering({}, {}, { state })).toBeUndefined();
  });

  it('is of those that cover the one that ends first', () => {
    const state = stateWith({}, { grantId: otherGrant, expiresAt: at('10:45') });
    expect(covering({}, {}, { state })).toBe(otherGrant);
    expect(covering({}, {}, { state, clock: '10:45' })).toBe(grantId);
  });

  it('covers nothing once revoked or lapsed', () => {
    const state = stateWith({});
    evolveApprovals(state, { type: 'GrantRevoked', data: { grantId, by: ada, reason: null } });
    expect(covering({}, {}, { state })).toBeUndefined();
  });
});

describe('a grant lapses', () => {
  const lapses = (changes: Partial<GrantGround>, clock = '10:30', grant: Partial<typeof given> = {}) => {
    const state = stateWith(grant);
    const events = lapsedGrants(state.grants.values(), () => ({ ...ground, ...changes }), at(clock));
    // What is not recorded yet must not cover either.
    expect(covering({}, changes, { state, clock }) === undefined).toBe(events.length > 0);
    for (const event of events) evolveApprovals(state, event);
    expect(lapsedGrants(state.grants.values(), () => ({ ...ground, ...changes }), at(clock))).toEqual([]);
    return events.map(({ data }) => ('why' in data ? data.why : null));
  };
  const electorate = (changes: Partial<ApprovalFacts>) => ({ electorate: factsFor(asMember(ada), changes) });

  it('not while all stays as it was', () => expect(lapses({})).toEqual([]));
  it('when its time is over', () => expect(lapses({}, '11:00')).toEqual(['time']));
  it('when a rule it covers changes or goes', () =>
    expect(lapses({ standingRules: new Set(['another']) })).toEqual(['rule']));
  it('when a stop covers it', () => expect(lapses({ isStopped: true })).toEqual(['stop']));

  it('when a giver loses the right, leaves, or comes too close to the agent', () => {
    expect(lapses(electorate({ people: people({ treasury: [grace, edsger] }) }))).toEqual(['giver']);
    expect(lapses(electorate({ people: people({}, [ada]) }))).toEqual(['giver']);
    expect(lapses(electorate({ involved: new Set([ada]) }))).toEqual(['giver']);
  });

  it('not because the team grew past an owner who had to help out', () => {
    expect(lapses({}, '10:30', { counted: [{ teams: ['treasury'], members: [olive] }] })).toEqual([]);
  });
});
