import { nodeCrypto } from '@countersign/crypto';
import { ExportVerifier, readReceipt, verifyReceipt } from '@countersign/ledger/export';
import { connectPostgres } from '@countersign/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, openOperator, type Operated } from './operator.fixture.ts';

let operated: Operated;
let key: string;
const call: Operated['call'] = (...request) => operated.call(...request);

beforeAll(async () => {
  operated = await openOperator();
  ({ key } = await operated.openOrganization('shop'));
});
afterAll(() => operated?.close());

/** Asks, and gives the decision's id. */
async function decided(action: object): Promise<string> {
  return (await operated.ask(key, action)).body['id'] as string;
}

const report = (id: string, body: object) => call('POST', `/v1/decisions/${id}/outcome`, { as: key, body });

async function budget() {
  const { body } = await call('GET', at('shop', '/budgets'));
  return (body['budgets'] as { spent: string; held: string; remaining: string }[])[0];
}

interface Checked {
  readonly agrees: boolean;
  readonly differences: readonly { table: string; folded: string | null; stored: string | null }[];
  readonly redecided: { same: number; differentInAll: number; notCovered: number };
}

const check = async () => (await call('POST', at('shop', '/state/check'), { body: {} })).body as unknown as Checked;

describe('money, as the operator sees it', () => {
  it('a budget in force is listed before anything was spent', async () => {
    expect(await budget()).toMatchObject({
      scope: 'agent',
      instanceName: 'buyer',
      cap: '1',
      spent: '0',
      held: '0',
      remaining: '1',
    });
  });

  it('a hold is listed until it ends, then its cost is spent, and a correction moves it', async () => {
    const id = await decided({ intent: 'shop.buy', cost: { usd: '0.42' } });
    const { body } = await call('GET', at('shop', '/holds'));
    expect(body['holds']).toMatchObject([
      { decisionId: id, agent: 'buyer', amounts: [{ unit: 'usd', amount: '0.42' }] },
    ]);
    const early = await operated.command('shop', {
      type: 'CorrectHold',
      decisionId: id,
      cost: { usd: '0.1' },
      reason: 'early',
    });
    expect([early.status, early.body.code]).toEqual([409, 'holds.still_open']);

    await report(id, { status: 'success', cost: { usd: '0.3' } });
    expect(await budget()).toMatchObject({ spent: '0.3', held: '0' });
    const correction = { type: 'CorrectHold', decisionId: id, cost: { usd: '0.25' }, reason: 'as the invoice says' };
    expect((await operated.command('shop', correction)).body['events']).toMatchObject([{ type: 'HoldCorrected' }]);
    expect((await operated.command('shop', correction)).body['events']).toEqual([]);
    expect(await budget()).toMatchObject({ spent: '0.25', held: '0', remaining: '0.75' });
  });

  it('a decision is shown with its arithmetic and what came after', async () => {
    const id = await decided({ intent: 'shop.buy', cost: { usd: '0.9' }, run: 'run-1', user: 'customer-1' });
    const { body } = await call('GET', at('shop', `/decisions/${id}`));
    expect(body).toMatchObject({
      isErased: false,
      after: [],
      decision: {
        verdict: 'block',
        run: 'run-1',
        user: 'customer-1',
        reasons: [{ code: 'budget.exceeded' }, { code: 'policy.rule' }],
      },
    });
    expect((body['decision'] as { budgets: unknown[] }).budgets).toMatchObject([
      { cap: '1', spent: '0.25', held: '0', asked: '0.9', remaining: '0.75' },
    ]);
  });
});

describe('the list of decisions', () => {
  const list = async (query: string) =>
    (await call('GET', at('shop', `/decisions?${query}`))).body as unknown as {
      decisions: { id: string; position: number; verdict: string }[];
      next: number;
      last: number;
    };

  it('pages up and down over the same decisions, each once', async () => {
    for (let index = 0; index < 7; index += 1) await decided({ intent: index % 2 ? 'shop.buy' : 'island.buy' });
    const down: string[] = [];
    for (let page = await list('limit=3'); page.decisions.length > 0; page = await list(`limit=3&before=${page.next}`))
      down.push(...page.decisions.map(({ id }) => id));
    const up: string[] = [];
    for (
      let page = await list('limit=2&after=-1');
      page.decisions.length > 0;
      page = await list(`limit=2&after=${page.next}`)
    )
      up.push(...page.decisions.map(({ id }) => id));
    expect(up).toEqual(down.toReversed());
    expect(new Set(up).size).toBe(up.length);
  });

  it('filters by verdict, agent and run', async () => {
    expect((await list('verdict=block')).decisions.every(({ verdict }) => verdict === 'block')).toBe(true);
    expect((await list('agent=nobody')).decisions).toEqual([]);
    expect((await list('run=run-1')).decisions).toHaveLength(1);
  });

  it('waits for the next one, and says when none came', async () => {
    const { last } = await list('limit=1');
    const waiting = list(`after=${last}&wait=10`);
    const id = await decided({ intent: 'shop.buy' });
    expect((await waiting).decisions.map((decision) => decision.id)).toEqual([id]);
    const { last: end } = await list('limit=1');
    expect(await list(`after=${end}&wait=1`)).toMatchObject({ decisions: [], next: end });
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=x',
    'after=1&before=2',
    'wait=5',
    'verdict=maybe',
    'colour=red',
    'limit=1&limit=2',
  ])('refuses `%s` by name', async (query) => {
    const answer = await call('GET', at('shop', `/decisions?${query}`));
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });
});

describe('the ledger, as the operator sees it', () => {
  async function verify(pins = {}) {
    const { text, type } = await call('GET', at('shop', '/ledger/export'));
    expect(type).toContain('application/x-ndjson');
    const verifier = new ExportVerifier(nodeCrypto, pins);
    verifier.push(Buffer.from(text));
    return verifier.finish();
  }

  it('I9: an export verifies against keys and a checkpoint kept before, across a rotation and an erasure', async () => {
    const id = await decided({ intent: 'shop.buy', args: { isbn: '978-3' } });
    await report(id, { status: 'success' });
    await verify();
    const since = (await call('GET', at('shop', '/ledger/checkpoint'))).text;
    const keys = (await call('GET', at('shop', '/ledger/keys'))).text.trim().split('\n');

    const { body } = await call('GET', at('shop', `/decisions/${id}`));
    const { position } = body['decision'] as { position: number };
    await operated.command('shop', { type: 'ErasePayloads', positions: [position], reason: 'request of customer-1' });
    await operated.command('shop', { type: 'RotateSigningKey' });

    const verification = await verify({ keys, since });
    expect(verification).toMatchObject({ ok: true, pinned: true, payloads: { erased: 1, altered: 0 } });
    expect((await call('GET', at('shop', '/ledger/keys'))).text.trim().split('\n')).toHaveLength(2);
    expect((await call('GET', at('shop', `/decisions/${id}`))).body).toMatchObject({ isErased: true, position });
    expect(verification.events).toBeGreaterThan(position);
  });

  it('a receipt proves its decision with keys from elsewhere', async () => {
    const id = await decided({ intent: 'shop.buy' });
    const { text } = await call('GET', at('shop', `/decisions/${id}/receipt`));
    const keys = (await call('GET', at('shop', '/ledger/keys'))).text.trim().split('\n');
    expect(verifyReceipt(nodeCrypto, readReceipt(text), keys)).toMatchObject({ ok: true, pinned: true });
  });

  it('a decision whose hold is open cannot be erased', async () => {
    const id = await decided({ intent: 'llm.chat', cost: { usd: '0.01' } });
    const { position } = (await call('GET', at('shop', `/decisions/${id}`))).body['decision'] as { position: number };
    const answer = await operated.command('shop', { type: 'ErasePayloads', positions: [position], reason: 'x' });
    expect([answer.status, answer.body.code]).toEqual([422, 'ledger.erase_open_hold']);
  });

  it('I12: configuration can never be erased, nor what a counter begins with', async () => {
    const { key: buyer } = await operated.openOrganization('kept');
    const ended = await call('POST', '/v1/decisions', {
      as: buyer,
      body: { requestId: 'ended', intent: 'shop.buy', cost: { usd: '0.1' } },
    });
    await call('POST', `/v1/decisions/${String(ended.body['id'])}/outcome`, { as: buyer, body: { status: 'success' } });
    await operated.ask(buyer, { intent: 'shop.buy', cost: { usd: '0.1' } });
    const later = `apiVersion: countersign/v1\nname: later\nallow: ["shop.*:*"]\nbudgets: [{ name: all, scope: organization, match: "shop.*:*", unit: calls, window: total, cap: 9 }]\n`;
    await operated.command('kept', { type: 'PublishPolicy', document: later });
    await operated.command('kept', { type: 'AttachPolicy', name: 'later', layer: 'team', point: 'treasury' });
    await operated.command('kept', { type: 'DetachPolicy', name: 'later', layer: 'team', point: 'treasury' });

    const { body } = await call('GET', at('kept', '/events?limit=1000'));
    const events = body['events'] as { position: number; type: string }[];
    const codes = new Map<string, unknown>();
    // What has ended may be erased, so of decisions only the open one is tried.
    const firstDecided = events.find(({ type }) => type === 'ActionDecided')?.position;
    const kept = events.filter(({ position, type }) => position !== firstDecided && type !== 'OutcomeReported');
    for (const { position, type } of kept) {
      const answer = await operated.command('kept', { type: 'ErasePayloads', positions: [position], reason: 'x' });
      codes.set(type, answer.body.code);
    }
    const configuration = `
      AgentKeyIssued AgentRegistered BudgetOpened OrganizationCreated PolicyAttached PolicyDetached PolicyPublished TeamCreated`;
    expect(Object.fromEntries(codes)).toEqual({
      ...Object.fromEntries(
        configuration
          .trim()
          .split(/\s+/)
          .map((type) => [type, 'ledger.erase_configuration']),
      ),
      SigningKeyAdded: 'ledger.erase_own_event',
      ActionDecided: 'ledger.erase_open_hold',
      HoldWidened: 'ledger.erase_open_hold',
    });
    const state = (await call('POST', at('kept', '/state/check'), { body: {} })).body;
    expect(state).toMatchObject({ agrees: true, rowsNotCovered: 0, redecided: { same: 2, notCovered: 0 } });
  });
});

describe('the state check', () => {
  it('I12: every decision comes out the same again, and every row follows from the ledger', async () => {
    const { key: buyer } = await operated.openOrganization('checked');
    for (const usd of ['0.5', '0.4', '0.2', '0.1']) await operated.ask(buyer, { intent: 'shop.buy', cost: { usd } });
    for (const intent of ['refund.issue', 'island.buy']) await operated.ask(buyer, { intent });
    const { body } = await call('POST', at('checked', '/state/check'), { body: {} });
    expect(body).toMatchObject({
      agrees: true,
      differences: [],
      rowsNotCovered: 0,
      redecided: { same: 6, differentInAll: 0, notCovered: 0 },
    });
  });

  it('I12: a condition whose values were never recorded comes out as it did', async () => {
    const { key: buyer } = await operated.openOrganization('hidden');
    const document = `apiVersion: countersign/v1\nname: buyer\ndefault: block\nredact: [args.pin]\nallow: [{ match: "shop.buy:*", when: "has(args.pin) && args.pin == 'right'" }]\n`;
    await operated.command('hidden', { type: 'PublishPolicy', document });
    const verdicts = [];
    for (const pin of ['right', 'wrong'])
      verdicts.push((await operated.ask(buyer, { intent: 'shop.buy', args: { pin } })).body['verdict']);
    expect(verdicts).toEqual(['allow', 'block']);
    expect((await call('GET', at('hidden', '/events?limit=1000'))).text).not.toMatch(/"pin":"(right|wrong)"/);
    const { body } = await call('POST', at('hidden', '/state/check'), { body: {} });
    expect(body).toMatchObject({ agrees: true, redecided: { same: 2, differentInAll: 0, notCovered: 0 } });
  });

  it('what was erased is not covered, and never counted as a difference', async () => {
    expect(await check()).toMatchObject({ agrees: true, differences: [], redecided: { differentInAll: 0 } });
    expect((await check()).redecided.notCovered).toBeGreaterThan(0);
  });

  it('finds a row that was changed behind the ledger’s back', async () => {
    const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
    const sql = connectPostgres(operated.database.appUrl, { connections: 1, applicationName: 'spec', limits });
    const { id } = (await call('GET', at('checked'))).body as unknown as { id: string };
    await sql.begin(async (transaction) => {
      await transaction`select set_config('countersign.tenant', ${id}, true)`;
      await transaction`update enforcement.budget_counters set spent = spent + 1`;
    });
    await sql.end({ timeout: 1 });
    const { body } = await call('POST', at('checked', '/state/check'), { body: {} });
    expect(body).toMatchObject({ agrees: false, differences: [{ table: 'budget_counters' }] });
  });
});
