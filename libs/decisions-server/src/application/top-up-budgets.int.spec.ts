import { randomUUID } from 'node:crypto';
import { addressOfKey, type CounterAddress } from '@countersign/budgets';
import { newId } from '@countersign/crypto';
import {
  formatAmount,
  system,
  type AgentId,
  type AgentKeyId,
  type OrganizationId,
  type TeamId,
} from '@countersign/kernel';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrganization, openProcess, purchase, type TestProcess } from '../decisions.mother.ts';
import { expectSameState, openedIn, policyOf } from '../open-budgets.mother.ts';
import { CorrectHold } from './correct-hold.ts';
import { ExpireHolds } from './expire-holds.ts';
import type { Caller } from './pending.ts';
import { ReadSnapshot } from './read-snapshot.ts';

let database: TestDatabase;
let api: TestProcess;

beforeAll(async () => {
  database = await openDatabase();
  api = openProcess(database.appUrl);
});

afterAll(async () => {
  await api.end();
  await database.drop();
});

const profile = { environment: 'test', riskClass: 'low', labels: {} } as const;

/** `buyer` of treasury and `clerk` of marketing, free to act, and a policy `caps` that is not attached yet. */
async function openShop(budgets: readonly string[]) {
  const organization = await openOrganization(api, policyOf('open'));
  const { organizationId, tell, caller: buyer } = organization;
  const [agentId, keyId] = [newId<AgentId>('agt', Date.now()), newId<AgentKeyId>('key', Date.now())];
  await tell({ type: 'CreateTeam', teamId: newId<TeamId>('team', Date.now()), name: 'marketing' as never });
  await tell({ type: 'RegisterAgent', agentId, name: 'clerk' as never, team: 'marketing', profile });
  const [hash, prefix] = [randomUUID().replaceAll('-', '').repeat(2), 'csk_test'];
  const key = { keyId, agent: 'clerk', hash, prefix, scopes: ['act' as const], expiresAt: null, boundUser: null };
  await tell({ type: 'IssueAgentKey', ...key });
  await tell({ type: 'AttachPolicy', name: 'open' as never, layer: 'agent', point: 'clerk' });
  await tell({ type: 'PublishPolicy', document: policyOf('caps', budgets), note: '' });
  const clerk: Caller = { organizationId, agentId, keyId };
  const point = (type: 'AttachPolicy' | 'DetachPolicy') => (layer: 'team' | 'agent', at: string) =>
    tell({ type, name: 'caps' as never, layer, point: at });
  const move = (agent: string, team: string) => tell({ type: 'ChangeAgent', agent, team, profile });
  return { organizationId, buyer, clerk, attach: point('AttachPolicy'), detach: point('DetachPolicy'), move };
}

const spend = async (caller: Caller, usd: string) => {
  const view = await api.decisions.decide(caller, purchase({ cost: { usd } }));
  expect(view).toMatchObject({ verdict: 'allow' });
  return view.id as never;
};

const spendForGood = async (caller: Caller, usd: string) => {
  await api.reports.report(caller, await spend(caller, usd), { status: 'success', cost: { usd } });
};

/** What has been spent and is held, by budget and agent; of the organization's counters there is one. */
async function used(organizationId: OrganizationId) {
  const { state } = await new ReadSnapshot(api.pools.reads).read(organizationId);
  return Object.fromEntries(
    [...state.counters].map(([key, { spent, held }]) => {
      const { budget, scope, instance } = addressOfKey(key) as CounterAddress;
      return [scope === 'agent' ? `${budget} ${instance}` : budget, formatAmount('usd', spent + held)];
    }),
  );
}

const shared = 'name: shared, scope: organization, unit: usd, window: month, cap: 20';
const own = 'name: own, scope: agent, unit: usd, window: month, cap: 20';

describe('I2: a budget that counts already and begins to count somebody else', () => {
  it('adds what they spent before, keeps what it counted and holds, and says where', async () => {
    const { organizationId, buyer, clerk, attach } = await openShop([shared]);
    await spendForGood(buyer, '3');
    await spendForGood(clerk, '4');
    await attach('team', 'treasury');
    const held = await spend(buyer, '2');
    await attach('agent', 'clerk');

    const opened = await openedIn(api.pools.reads, organizationId);
    expect(opened.map(({ counters, points }) => [counters[0]?.spent, points?.map(({ layer }) => layer)])).toEqual([
      ['3', ['team']],
      ['4', ['agent']],
    ]);
    expect(await used(organizationId)).toEqual({ shared: '9' });
    await api.reports.report(buyer, held, { status: 'success', cost: { usd: '1' } });
    expect(await used(organizationId)).toEqual({ shared: '8' });
    expect((await api.decisions.decide(clerk, purchase({ cost: { usd: '12.000000001' } }))).verdict).toBe('block');
    await spend(clerk, '12');
    await expectSameState(api.pools.reads, organizationId);
  });

  it('counts nobody twice who is covered twice, or covered again', async () => {
    const { organizationId, buyer, attach, detach } = await openShop([shared, own]);
    await spend(buyer, '3');
    await attach('team', 'treasury');
    await spend(buyer, '2');
    await attach('agent', 'buyer');
    expect(await used(organizationId)).toEqual({ shared: '5', [`own ${buyer.agentId}`]: '5' });

    await detach('agent', 'buyer');
    await detach('team', 'treasury');
    await spend(buyer, '4');
    await attach('agent', 'buyer');
    await attach('team', 'treasury');
    expect(await used(organizationId)).toEqual({ shared: '9', [`own ${buyer.agentId}`]: '9' });
    await expectSameState(api.pools.reads, organizationId);
  });

  it('lets an agent bring along what is its own into a team, and nothing of what the team shares', async () => {
    const { organizationId, buyer, clerk, attach, move } = await openShop([shared, own]);
    await attach('team', 'treasury');
    await spend(buyer, '1');
    await spend(clerk, '4');
    const [buyers, clerks] = [`own ${buyer.agentId}`, `own ${clerk.agentId}`];
    await move('clerk', 'treasury');
    expect(await used(organizationId)).toEqual({ shared: '1', [buyers]: '1', [clerks]: '4' });

    await move('clerk', 'marketing');
    await spend(clerk, '5');
    await move('clerk', 'treasury');
    expect(await used(organizationId)).toEqual({ shared: '1', [buyers]: '1', [clerks]: '9' });
    await expectSameState(api.pools.reads, organizationId);
  });
});

describe('I2: an action that runs while a budget begins to count it', () => {
  it('is held there from then on: what it asks for more, and what it comes to, are counted once', async () => {
    const { organizationId, buyer, attach } = await openShop([shared, own]);
    await attach('agent', 'clerk');
    const bought = await spend(buyer, '5');
    await attach('team', 'treasury');
    const extension = { extensionId: 'more', cost: { usd: '2' } };
    expect(await api.reports.extend(buyer, bought, extension)).toMatchObject({ verdict: 'allow' });
    expect(await used(organizationId)).toEqual({ shared: '7', [`own ${buyer.agentId}`]: '7' });
    await expectSameState(api.pools.reads, organizationId);

    const answer = await api.reports.report(buyer, bought, { status: 'success', cost: { usd: '4' } });
    expect(answer).toMatchObject({ settled: { usd: '4' } });
    expect(await used(organizationId)).toEqual({ shared: '4', [`own ${buyer.agentId}`]: '4' });
    await expectSameState(api.pools.reads, organizationId);
  });

  it('is corrected there as everywhere, by a late report and by a person', async () => {
    const open = policyOf('open').replace('["*"]', '[{ match: "*", holdFor: 2s }]');
    const { organizationId, caller, tell } = await openOrganization(api, open);
    const bought = await spend(caller, '5');
    await tell({ type: 'PublishPolicy', document: `${open}budgets:\n  - { ${own} }\n`, note: '' });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await new ExpireHolds(api.pools.commands, api.transactions).sweep();
    const owned = async () => (await used(organizationId))[`own ${caller.agentId}`];
    expect(await owned()).toBe('5');

    const late = await api.reports.report(caller, bought, { status: 'success', cost: { usd: '3' } });
    expect(late).toMatchObject({ outcome: { isLate: true, charged: ['3'] } });
    expect(await owned()).toBe('3');
    const correction = { decisionId: bought, cost: { usd: '4' }, reason: 'the invoice says so' };
    await new CorrectHold(api.pools.commands, api.transactions).correct(organizationId, system, correction);
    expect(await owned()).toBe('4');
    await expectSameState(api.pools.reads, organizationId);
  });
});
