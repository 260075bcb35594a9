import { catalog, type AnyEvent } from '@countersign/decisions';
import { describe, expect, it } from 'vitest';
import type { NoticeFacts } from './facts.ts';
import type { Notice } from './notice.ts';
import { planNotices, tellingTypes } from './plan.ts';
import {
  approvalId,
  at,
  clerk,
  decided,
  decisionId,
  factsOf,
  figure,
  lovelace,
  member,
  personOf,
  refund,
  told,
  treasury,
} from './plan.mother.ts';
import { routesOf } from './routes.ts';

const planned = (event: AnyEvent, facts: Partial<NoticeFacts> = {}) => planNotices([told(event)], factsOf(facts));
const peopleOf = ({ members }: Notice) => members.map(personOf);
/** Kinds with whom they are for. */
const summary = (notices: readonly Notice[]) => Object.fromEntries(notices.map((each) => [each.kind, peopleOf(each)]));
const about = <Type extends AnyEvent['type']>(type: Type, data: object = {}) =>
  ({ type, data: { approvalId, ...data } }) as unknown as AnyEvent;

const asked = decided('ask', { approval: { id: approvalId } });

describe('an ask', () => {
  it('is told to who may decide it: not to the agent’s owner, to viewers, to other teams or to who has left', () => {
    expect(summary(planned(asked))).toEqual({ 'approval.opened': ['lead', 'approver'] });
  });

  it('that joins another is no news', () => {
    const joined = told(asked, { position: 9 });
    const notices = planNotices([told(asked), joined], factsOf());
    expect(notices).toMatchObject([{ key: `approval.opened/${approvalId}`, position: 7 }]);
    expect(planNotices([joined], factsOf())[0]?.key).toBe(notices[0]?.key);
  });

  it('is told with ids, names and a target in which nothing hides', () => {
    const hiding = { ...refund, target: 'order\u202e9001\u200b\r\nBcc: eve' };
    const [notice] = planned(asked, { approvals: new Map([[approvalId, hiding]]) });
    expect(notice?.news).toMatchObject({
      agent: 'clerk',
      teams: ['treasury'],
      target: 'order\\u{202e}9001\\u{200b}\\u{d}\\u{a}Bcc: eve',
      expiresAt: '2026-03-02T12:00:00.000Z',
    });
  });

  it('is nothing to tell when its row is gone', () => expect(planned(asked, { approvals: new Map() })).toEqual([]));
});

describe('an approval that waits', () => {
  const voted = { ...refund, votes: [{ by: member('lead'), grant: null }] };

  it('reminds those who have not answered, while it waits', () => {
    const notices = planned(about('ApprovalReminded', { share: 90 }), { approvals: new Map([[approvalId, voted]]) });
    expect(summary(notices)).toEqual({ 'approval.reminder': ['approver'] });
    expect(notices).toMatchObject([{ onlyWhile: 'pending', news: { over: 90 } }]);
  });

  it('that escalates is told to the team it came to', () => {
    const notices = planned(about('ApprovalEscalated', { team: 'treasury', to: 'legal' }));
    expect(summary(notices)).toEqual({ 'approval.escalated': ['legalLead'] });
    expect(notices).toMatchObject([{ news: { teams: ['legal'] } }]);
  });
});

describe('an approval that is settled', () => {
  it('is told to who was asked but not to who did it; its denial to the agent’s owner too', () => {
    const denied = about('ApprovalDenied', { by: member('lead'), feedback: 'too much' });
    const notices = planNotices([told(denied, { actor: { kind: 'member', id: member('lead') } })], factsOf());
    expect(summary(notices)).toEqual({ 'approval.settled': ['approver'], 'approval.denied': ['agentOwner'] });
    // Words of people can be erased from the ledger, so they are not copied out of it.
    expect(JSON.stringify(notices)).not.toContain('too much');
  });

  it('by time is told like a denial', () =>
    expect(summary(planned(about('ApprovalExpired')))).toEqual({
      'approval.settled': ['lead', 'approver'],
      'approval.expired': ['agentOwner'],
    }));

  it('warns the agent’s owner before the permit lapses, while nobody took it', () => {
    const notices = planned(about('ApprovalApproved', { permitExpiresAt: at('11:00') }));
    expect(summary(notices)).toMatchObject({ 'permit.lapsing': ['agentOwner'] });
    expect(notices.find(({ kind }) => kind === 'permit.lapsing')).toMatchObject({
      sendAt: at('10:48'),
      onlyWhile: 'approved',
    });
  });

  it('is cancelled only when no equal ask is left', () => {
    const cancelled = { ...refund, status: 'cancelled' as const };
    expect(planned(about('AskCancelled'))).toEqual([]);
    expect(summary(planned(about('AskCancelled'), { approvals: new Map([[approvalId, cancelled]]) }))).toEqual({
      'approval.settled': ['lead', 'approver'],
    });
  });
});

describe('an agent whose owner is nobody here', () => {
  const changed = (owner?: string): AnyEvent =>
    ({
      type: 'AgentChanged',
      data: { agentId: clerk, teamId: lovelace().agents.get(clerk)?.teamId, profile: { owner, labels: {} } },
    }) as unknown as AnyEvent;

  it.each([
    ['left out', undefined],
    ['a name', 'Ada of the treasury'],
    ['somebody who has left', member('gone')],
  ])('is heard of by its team’s leads: %s', (_who, owner) =>
    expect(summary(planned(about('ApprovalExpired'), { state: lovelace(changed(owner)) }))).toMatchObject({
      'approval.expired': ['lead'],
    }),
  );
});

describe('a stop', () => {
  const placed = (scope: object, by = 'countersign') =>
    told({ type: 'StopPlaced', data: { stopId: 'stp_1', scope, reason: 'seen paying twice' } } as never, {
      actor: { kind: 'member', id: by },
    });

  it.each([
    ['everything', { kind: 'organization' }, ['owner', 'lead', 'approver', 'legalLead', 'agentOwner']],
    ['team treasury', { kind: 'team', teamId: refund.teamId }, ['owner', 'lead', 'approver', 'agentOwner']],
    ['agent clerk', { kind: 'agent', agentId: clerk }, ['owner', 'lead', 'approver', 'agentOwner']],
    [
      'intents refund.*:*',
      { kind: 'intent', pattern: 'refund.*:*', teamId: null },
      ['owner', 'lead', 'approver', 'legalLead', 'agentOwner'],
    ],
  ])('of %s is told to whom it concerns', (scope, wish, people) => {
    const [notice] = planNotices([placed(wish)], factsOf());
    expect(notice?.news).toMatchObject({ scope });
    expect(notice && peopleOf(notice)).toEqual(people);
  });

  it('is not told to who placed it', () => {
    const [notice] = planNotices([placed({ kind: 'organization' }, member('owner'))], factsOf());
    expect(notice && peopleOf(notice)).not.toContain('owner');
  });
});

describe('a budget', () => {
  const allowing = (...budgets: object[]) => decided('allow', { budgets: budgets.map((each) => figure(each)) });

  it('is told of at the highest share that an allow reaches, held money included, and not before', () => {
    expect(planned(allowing({ spent: '3', held: '0.999999999' }))).toEqual([]);
    expect(planned(allowing({ spent: '3', held: '1' }))).toMatchObject([
      { news: { share: 0.5, used: '5', cap: '10' } },
    ]);
    expect(planned(allowing({ spent: '8.5' }))).toMatchObject([{ news: { share: 0.8, used: '9.5' } }]);
  });

  it('is told once in a window and once for each share, whoever reaches it again', () => {
    const key = (changes: object) => planned(allowing(changes))[0]?.key;
    expect(key({ spent: '5' })).toBe(key({ spent: '6' }));
    expect(key({ spent: '5' })).not.toBe(key({ spent: '8' }));
    expect(key({ spent: '5' })).not.toBe(key({ spent: '5', windowStart: at('01:00') }));
  });

  it('is no news when nothing was allowed, or its policy does not warn', () => {
    expect(planned(decided('block', { budgets: [figure({ spent: '9.9' })] }))).toEqual([]);
    expect(planned(allowing({ spent: '9' }), { warnAt: () => [] })).toEqual([]);
  });

  it.each([
    ['an agent', { scope: 'agent', instance: clerk }, ['lead', 'agentOwner']],
    ['a team', { scope: 'team', instance: refund.teamId }, ['lead', 'agentOwner']],
    ['the organization', { scope: 'organization', instance: 'o' }, ['lead', 'agentOwner', 'owner']],
    ['a user', { scope: 'user', instance: 'customer-1' }, ['lead', 'agentOwner', 'owner']],
  ])('of %s warns who answers for it', (_what, changes, people) =>
    expect(summary(planned(allowing({ spent: '9', ...changes })))).toEqual({ 'budget.warning': people }),
  );
});

describe('spend that nobody reported', () => {
  const expired: AnyEvent = { type: 'HoldExpired', data: { decisionId, expiredAt: at('10:00') } };
  const held = new Map([[decisionId, [figure({ asked: '1.5' })]]]);
  const key = 'guard/day/agent/usd/day/' + String(at('00:00')) + `/${clerk}`;

  it('warns the team above a fifth of the cap, not at it', () => {
    const sum = (before: bigint) => ({ held, unreported: new Map([[key as never, before]]) });
    expect(planned(expired, sum(500_000_000n))).toEqual([]);
    expect(summary(planned(expired, sum(500_000_001n)))).toEqual({ 'budget.unreported': ['lead', 'agentOwner'] });
  });

  it('adds up over a page', () => {
    const twice = planNotices([told(expired), told(expired, { position: 8 })], factsOf({ held }));
    expect(twice).toMatchObject([{ kind: 'budget.unreported', position: 8, news: { used: '3' } }]);
  });

  it('counts a report without a cost, and neither a report with one nor a late one', () => {
    const reported = (changes: object) =>
      about('OutcomeReported', { decisionId, isUnreported: true, isLate: false, ...changes });
    const facts = { held: new Map([[decisionId, [figure({ asked: '3' })]]]) };
    expect(planned(reported({}), facts)).toHaveLength(1);
    expect(planned(reported({ isUnreported: false }), facts)).toEqual([]);
    expect(planned(reported({ isLate: true }), facts)).toEqual([]);
  });
});

describe('a change of policies that waits for a second person', () => {
  const wanted = (change: object, by: object = { kind: 'operator', id: 'opt_1' }): AnyEvent =>
    ({
      type: 'PublicationProposed',
      data: { publicationId: 'pub_1', name: 'guard', baseVersion: 0, change, by, at: at('09:00') },
    }) as unknown as AnyEvent;
  const toTreasury = { kind: 'attach', layer: 'team', point: treasury };

  it('is told to who may confirm it, without its note or its text', () => {
    const notices = planned(wanted({ kind: 'publish', document: 'allow: [all]', note: 'trust me' }));
    expect(summary(notices)).toEqual({ 'publication.proposed': ['owner'] });
    expect(notices[0]?.news).toEqual({ publicationId: 'pub_1', policy: 'guard', change: 'publish' });
  });

  it('is not told to whoever wants it, whom nothing lets confirm it', () => {
    const owner = { kind: 'member', id: member('owner') } as const;
    const notices = planNotices([told(wanted(toTreasury, owner), { actor: owner })], factsOf());
    expect(notices.map(peopleOf).flat()).not.toContain('owner');
    expect(notices[0]?.news).toMatchObject({ change: 'attach to one team' });
  });
});

describe('an endpoint', () => {
  const endpointId = 'whk_1' as never;
  const disabled = (why: string) => ({ type: 'EndpointDisabled', data: { endpointId, why } }) as never;

  it('that was given up is told to owners and admins; what a person disabled, to nobody', () => {
    expect(summary(planned(disabled('failing')))).toEqual({ 'endpoint.disabled': ['owner'] });
    expect(planned(disabled('person'))).toEqual([]);
  });

  it('gets the kinds it is for, while it is enabled; people what they did not turn off', () => {
    const added = { type: 'EndpointAdded', data: { endpointId, url: 'u', kinds: ['approval.opened'], secretId: 's' } };
    const off = { type: 'NoticesChosen', data: { memberId: member('lead'), on: [], off: ['approval.opened'] } };
    const routes = (...more: object[]) => {
      const state = lovelace(...(more as AnyEvent[]));
      const [notice] = planned(asked, { state });
      return notice && routesOf(notice, state);
    };
    expect(routes(added, off)).toEqual({ mails: [member('approver')], endpoints: [endpointId] });
    expect(routes(added, { type: 'EndpointDisabled', data: { endpointId, why: 'person' } })?.endpoints).toEqual([]);
    expect(routes({ ...added, data: { ...added.data, kinds: ['stop.placed'] } })?.endpoints).toEqual([]);
  });
});

describe('the types of events that are read', () => {
  it('are types that exist, and not those that tell nobody', () => {
    expect(tellingTypes.filter((type) => !(type in catalog))).toEqual([]);
    expect(tellingTypes).not.toContain('PolicyPublished');
    expect(tellingTypes).toContain('ActionDecided');
  });
});
