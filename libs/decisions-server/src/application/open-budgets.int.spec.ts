import { randomUUID } from 'node:crypto';
import { newId } from '@countersign/crypto';
import type { Action, ActionDecided, DecisionView } from '@countersign/decisions';
import {
  formatAmount,
  parseAmount,
  type AgentId,
  type AgentKeyId,
  type OrganizationId,
  type TeamId,
} from '@countersign/kernel';
import { inTenant } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPosition } from '../adapters/past-rows.ts';
import { openOrganization, openProcess, purchase, type TestProcess } from '../decisions.mother.ts';
import {
  expectSameState as expectSame,
  ledgerOf as readLedger,
  monthly,
  openedIn as readOpened,
  policyOf,
  usedIn,
} from '../open-budgets.mother.ts';
import type { Caller } from './pending.ts';

let database: TestDatabase;
let api: TestProcess;
let replica: TestProcess;

beforeAll(async () => {
  database = await openDatabase();
  api = openProcess(database.appUrl);
  replica = openProcess(database.appUrl);
});

afterAll(async () => {
  await Promise.all([api.end(), replica.end()]);
  await database.drop();
});

type Organization = Awaited<ReturnType<typeof openOrganization>>;

const publish = ({ tell }: Organization, document: string) => tell({ type: 'PublishPolicy', document, note: '' });

/** Publishes a policy and attaches it to the organization. */
async function impose(organization: Organization, document: string) {
  const { events } = await publish(organization, document);
  const { name } = events[0]?.data as { name: never };
  return organization.tell({ type: 'AttachPolicy', name, layer: 'organization', point: organization.organizationId });
}

async function register({ organizationId, tell }: Organization, name: string, team: string): Promise<Caller> {
  const [agentId, keyId] = [newId<AgentId>('agt', Date.now()), newId<AgentKeyId>('key', Date.now())];
  if (team !== 'treasury')
    await tell({ type: 'CreateTeam', teamId: newId<TeamId>('team', Date.now()), name: team as never });
  const profile = { environment: 'test', riskClass: 'low', labels: {} } as const;
  await tell({ type: 'RegisterAgent', agentId, name: name as never, team, profile });
  const hash = randomUUID().replaceAll('-', '').repeat(2);
  await tell({
    type: 'IssueAgentKey',
    keyId,
    agent: name,
    hash,
    prefix: 'csk_test',
    scopes: ['act'],
    expiresAt: null,
    boundUser: null,
  });
  await tell({ type: 'AttachPolicy', name: 'open' as never, layer: 'agent', point: name });
  return { organizationId, agentId, keyId };
}

const openFreely = () => openOrganization(api, policyOf('open'));

const allowed = async (caller: Caller, changes: Partial<Action> = {}, process = api): Promise<DecisionView> => {
  const view = await process.decisions.decide(caller, purchase(changes));
  expect(view).toMatchObject({ verdict: 'allow' });
  return view;
};

/** Three dollars settled of five asked, one still held, one of two released: four are spent. */
async function spendFour(caller: Caller, changes: Partial<Action> = {}) {
  const settled = await allowed(caller, { ...changes, cost: { usd: '5' } });
  await api.reports.report(caller, settled.id as never, { status: 'success', cost: { usd: '3' } });
  await allowed(caller, changes);
  const released = await allowed(caller, { ...changes, cost: { usd: '2' } });
  await api.reports.report(caller, released.id as never, { status: 'cancelled' });
}

/** What is left of the caller's budgets after a purchase that costs nothing. */
async function remaining(caller: Caller, changes: Partial<Action> = {}) {
  const view = await api.decisions.decide(caller, purchase({ ...changes, cost: { usd: '0' } }));
  return Object.fromEntries(view.budgets.map((budget) => [budget.name, budget.remaining]));
}

const ledgerOf = (organizationId: OrganizationId) => readLedger(api.pools.reads, organizationId);
const openedIn = ({ organizationId }: Organization) => readOpened(api.pools.reads, organizationId);
const expectSameState = (organizationId: OrganizationId) => expectSame(api.pools.reads, organizationId);

describe('a budget added in mid-window', () => {
  it('starts from what was settled and what is held, not from what was released', async () => {
    const organization = await openFreely();
    const { caller, organizationId } = organization;
    await spendFour(caller);
    const { events } = await publish(organization, policyOf('open', [monthly]));

    expect(events.map(({ type }) => type)).toEqual(['PolicyPublished', 'BudgetOpened']);
    expect(await remaining(caller)).toEqual({ monthly: '6' });
    expect((await api.decisions.decide(caller, purchase({ cost: { usd: '6.000000001' } }))).verdict).toBe('block');
    await allowed(caller, { cost: { usd: '6' } });
    await expectSameState(organizationId);
    expect((await ledgerOf(organizationId)).find(({ event }) => event.type === 'BudgetOpened')?.actor.kind).toBe(
      'system',
    );
  });

  it('starts at zero with `start: now`, and says nothing where nothing was spent', async () => {
    const organization = await openFreely();
    await spendFour(organization.caller);
    await publish(organization, policyOf('open', [`${monthly}, start: now`]));
    expect(await remaining(organization.caller)).toEqual({ monthly: '10' });

    const fresh = await openOrganization(api, policyOf('fresh', [monthly]));
    expect([...(await openedIn(organization)), ...(await openedIn(fresh))]).toEqual([]);
  });

  it('starts from what each agent, user, run and the organization spent', async () => {
    const organization = await openFreely();
    const { caller, organizationId } = organization;
    const clerk = await register(organization, 'clerk', 'treasury');
    await spendFour(caller, { user: 'ada', run: 'run-1' });
    await allowed(caller, { user: 'grace', run: 'run-2' });
    await allowed(clerk, { user: 'ada', run: 'run-1', cost: { usd: '2' } });
    const scopes = ['organization', 'agent', 'user', 'run'];
    const budgetOf = (scope: string) =>
      `name: ${scope}, scope: ${scope}, unit: usd, window: total, cap: 20, assume: "0"`;
    await impose(organization, policyOf('caps', scopes.map(budgetOf)));

    expect(await usedIn(api.pools.reads, organizationId)).toEqual({
      organization: { [organizationId]: '7' },
      agent: { [caller.agentId]: '5', [clerk.agentId]: '2' },
      user: { ada: '6', grace: '1' },
      run: {
        [`${caller.agentId}/run-1`]: '4',
        [`${caller.agentId}/run-2`]: '1',
        [`${clerk.agentId}/run-1`]: '2',
      },
    });
    expect(await remaining(clerk, { user: 'ada', run: 'run-1' })).toMatchObject({ agent: '18', run: '18' });
    await expectSameState(organizationId);
  });

  it('starts from what its match selects', async () => {
    const organization = await openFreely();
    await spendFour(organization.caller);
    await allowed(organization.caller, { target: 'toys', cost: { usd: '7' } });
    await publish(organization, policyOf('open', [`${monthly}, match: "shop.*:books"`]));
    expect(await remaining(organization.caller)).toEqual({ monthly: '6' });
  });

  it('counts calls and tokens as it counts dollars', async () => {
    const organization = await openFreely();
    await spendFour(organization.caller, {});
    const told = await allowed(organization.caller, { cost: { usd: '0', tokens: 900 } });
    await api.reports.report(organization.caller, told.id as never, {
      status: 'success',
      cost: { usd: '0', tokens: 250 },
    });
    const of = (unit: string) =>
      `name: ${unit}, scope: agent, unit: ${unit}, window: total, cap: 1000${unit === 'tokens' ? ', assume: "10"' : ''}`;
    await publish(organization, policyOf('open', [of('calls'), of('tokens')]));
    // Settled, held and told are calls, the released one is not; two calls did not say their tokens.
    expect(await remaining(organization.caller)).toEqual({ calls: '997', tokens: '730' });
  });
});

describe('a policy attached in mid-window', () => {
  it('starts its budgets from what the agents of the team spent, and no others', async () => {
    const organization = await openFreely();
    const { caller, organizationId, tell } = organization;
    const stranger = await register(organization, 'stranger', 'marketing');
    await spendFour(caller);
    await allowed(stranger, { cost: { usd: '5' } });
    await publish(
      organization,
      policyOf('caps', [
        monthly.replace('scope: agent', 'scope: organization'),
        'name: own, scope: agent, unit: usd, window: total, cap: 10',
      ]),
    );
    await tell({ type: 'AttachPolicy', name: 'caps' as never, layer: 'team', point: 'treasury' });

    expect(await usedIn(api.pools.reads, organizationId)).toEqual({
      monthly: { [organizationId]: '4' },
      own: { [caller.agentId]: '4' },
    });
    await tell({ type: 'AttachPolicy', name: 'caps' as never, layer: 'agent', point: 'stranger' });
    expect(await remaining(stranger)).toMatchObject({ own: '5' });
    await expectSameState(organizationId);
  });

  it('counts each agent by itself in the short form, and each user where it is attached to one', async () => {
    const organization = await openFreely();
    await spendFour(organization.caller, { user: 'ada' });
    await allowed(organization.caller, { user: 'grace' });
    await publish(organization, `${policyOf('limits')}limits: { ai_monthly_usd: 10 }\n`);
    await organization.tell({ type: 'AttachPolicy', name: 'limits' as never, layer: 'user', point: 'ada' });
    expect(await remaining(organization.caller, { user: 'ada' })).toEqual({ ai_monthly_usd: '6' });
    await organization.tell({ type: 'AttachPolicy', name: 'limits' as never, layer: 'agent', point: 'buyer' });

    expect((await openedIn(organization)).map(({ scope }) => scope)).toEqual(['user', 'agent']);
    expect(await usedIn(api.pools.reads, organization.organizationId)).toEqual({
      ai_monthly_usd: { ada: '4', [organization.caller.agentId]: '5' },
    });
    await expectSameState(organization.organizationId);
  });

  // Overwriting them would forget what is held, and the settlement would then take it from what others spent.
  it('leaves counters that exist as they are, holds included', async () => {
    const organization = await openOrganization(api, policyOf('open', [monthly]));
    const { caller, organizationId, tell } = organization;
    const held = await allowed(caller, { cost: { usd: '4' } });
    await publish(organization, policyOf('spare'));
    await tell({ type: 'AttachPolicy', name: 'spare' as never, layer: 'agent', point: 'buyer' });
    await tell({ type: 'DetachPolicy', name: 'open' as never, layer: 'agent', point: 'buyer' });
    await tell({ type: 'AttachPolicy', name: 'open' as never, layer: 'agent', point: 'buyer' });

    expect(await openedIn(organization)).toEqual([]);
    await api.reports.report(caller, held.id as never, { status: 'success', cost: { usd: '1' } });
    expect(await remaining(caller)).toEqual({ monthly: '9' });
    await expectSameState(organizationId);
  });
});

/** By position: what the allows so far may cost. */
function spentAt(ledger: Awaited<ReturnType<typeof ledgerOf>>): bigint[] {
  let spent = 0n;
  return ledger.map(({ event }) => {
    if (event.type !== 'ActionDecided') return spent;
    const { verdict, price } = event.data as ActionDecided;
    return (spent += verdict === 'allow' ? parseAmount('usd', price?.usd ?? '0') : 0n);
  });
}

describe('I2: a budget published while agents decide', () => {
  it('is over its cap at no position, counted from its window’s start', async () => {
    const organization = await openFreely();
    const { caller, organizationId } = organization;
    const ask = (index: number) => (index % 2 === 0 ? api : replica).decisions.decide(caller, purchase());
    const flood = async (): Promise<void> => {
      const views = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index)));
      if (views.every(({ verdict }) => verdict === 'allow')) await flood();
    };
    const flooding = flood();
    await publish(organization, policyOf('open', [monthly.replace('cap: 10', 'cap: 300')]));
    await flooding;

    const ledger = await ledgerOf(organizationId);
    const opened = ledger.findLastIndex(({ event }) => event.type === 'PolicyPublished');
    const spent = spentAt(ledger);
    const before = spent[opened] ?? 0n;
    const cap = parseAmount('usd', '300');
    console.info(
      `spent ${before / 1_000_000_000n} before the budget counted, ${(spent.at(-1) ?? 0n) / 1_000_000_000n} in all`,
    );
    expect(before).toBeLessThan(cap);
    expect(spent.filter((each) => each > cap)).toEqual([]);
    expect(spent.at(-1)).toBe(cap);
    await expectSameState(organizationId);
  });

  it('is opened once and exactly where several publish at once', async () => {
    const organization = await openFreely();
    await spendFour(organization.caller);
    await Promise.all(['one', 'two', 'three'].map((name) => impose(organization, policyOf(name, [monthly]))));

    expect(
      (await openedIn(organization)).map(({ policy, counters }) => `${policy} ${counters[0]?.spent}`).sort(),
    ).toEqual(['one 3', 'three 3', 'two 3']);
    expect(await remaining(organization.caller)).toEqual({ monthly: '6' });
    await expectSameState(organization.organizationId);
  });
});

describe('I2: a budget that begins to count while the configuration moves', () => {
  // What was read ahead was planned for another configuration; opening by that plan would leave out what was spent.
  it('is opened whichever of two commands comes first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const organization = await openFreely();
      const { caller, organizationId, tell } = organization;
      await spendFour(caller);
      await publish(organization, policyOf('caps'));
      await Promise.all([
        publish(organization, policyOf('caps', [monthly])),
        tell({ type: 'AttachPolicy', name: 'caps' as never, layer: 'organization', point: organizationId }),
      ]);
      expect(await remaining(caller)).toEqual({ monthly: '6' });
    }
  });
});

const LOCK_NOT_AVAILABLE = '55P03';

/** On a slow machine the opening holds the lock for longer than a decision waits for it; agents ask again then. */
async function insistently<Answer>(ask: () => Promise<Answer>, tries = 5): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (tries === 1 || (error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    return insistently(ask, tries - 1);
  }
}

describe('a long past', () => {
  const rounds = Array.from({ length: 13 }, (_, round) => round);
  const askMany = (caller: Caller, round: string) =>
    Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        insistently(() => api.decisions.decide(caller, purchase({ run: `${round}-${index}`, cost: { usd: '0.001' } }))),
      ),
    );

  it('is read in pages before the lock, and to the end under it', async () => {
    const organization = await openFreely();
    const { caller, organizationId } = organization;
    for (const round of rounds) await askMany(caller, `run-${round}`);
    const meanwhile = (async () => {
      for (const round of rounds) await askMany(caller, `late-${round}`);
    })();
    const started = performance.now();
    const run = 'name: run, scope: run, unit: usd, window: total, cap: 1, assume: "0"';
    await publish(organization, policyOf('open', [monthly, run]));
    console.info(`opened over 2,600 runs and more in ${Math.round(performance.now() - started)} ms`);
    await meanwhile;

    const ledger = await ledgerOf(organizationId);
    const published = ledger.findLastIndex(({ event }) => event.type === 'PolicyPublished');
    const before = ledger.slice(0, published).filter(({ event }) => event.type === 'ActionDecided').length;
    const opened = (await openedIn(organization)).flatMap(({ budget, counters }) =>
      counters.map((counter) => ({ budget, ...counter })),
    );
    // Five hundred are held from now on; the others, which nobody will report on, count as spent.
    expect(ledger.filter(({ event }) => event.type === 'HoldWidened')).toHaveLength(500);
    const rest = before - 500;
    expect(rest).toBeGreaterThan(2_100);
    expect(opened[0]).toMatchObject({ budget: 'monthly', spent: formatAmount('usd', BigInt(rest) * 1_000_000n) });
    expect(opened.slice(1).filter(({ budget, spent }) => budget === 'run' && spent === '0.001')).toHaveLength(rest);
    expect(await remaining(caller, { run: 'run-3-7' })).toMatchObject({ run: '0.999' });
    await expectSameState(organizationId);
  });

  it('is found by its first position, however many events share an instant', async () => {
    const organization = await openFreely();
    await askMany(organization.caller, 'run');
    await askMany(organization.caller, 'other');
    const { organizationId } = organization;
    const ledger = await ledgerOf(organizationId);
    const find = (start: number) =>
      inTenant(api.pools.reads, organizationId, (sql) =>
        findPosition(sql, organizationId, start as never, ledger.length),
      );

    const instants = [...new Set(ledger.map(({ at }) => at))];
    for (const start of instants.flatMap((at) => [at - 1, at, at + 1])) {
      const first = ledger.findIndex(({ at }) => at >= start);
      expect(await find(start)).toBe(first < 0 ? ledger.length : first);
    }
  });
});
