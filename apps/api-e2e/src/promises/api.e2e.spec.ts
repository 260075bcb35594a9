import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  startSystem,
  type ArrangedAgent,
  type HttpAnswer,
  type System,
} from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionAnswer } from '../support/caller.ts';
import { allowAll, organizationCap } from '../support/policies.ts';
import { connectAsSuperuser, recordedLedger } from '../support/recorded-ledger.ts';

let system: System;
let organization: string;
let other: string;
let ada: ArrangedAgent;
let bob: ArrangedAgent;
let stranger: ArrangedAgent;
let url: string;

beforeAll(async () => {
  system = await startSystem();
  url = system.apis[0]?.url ?? '';
  organization = await arrangeOrganization(system.operator, ['shop']);
  other = await arrangeOrganization(system.operator, ['shop']);
  ada = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  bob = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  stranger = await arrangeAgent(system.operator, other, { team: 'shop', policy: allowAll });
});
afterAll(() => system.stop());

async function as<Result>({ key }: ArrangedAgent, work: (client: HttpClient) => Promise<Result>): Promise<Result> {
  const client = new HttpClient(url, key);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

const buy = { intent: 'shop.buy', target: 'mug-blue', args: { amount: 1 } };
const ask = (agent: ArrangedAgent, body: object = { requestId: crypto.randomUUID(), ...buy }) =>
  as(agent, (client) => client.post('/v1/decisions', body));
const decided = async (agent: ArrangedAgent, body?: object) => (await ask(agent, body)).body as DecisionAnswer;
const codeOf = ({ body }: HttpAnswer) => (body as { code?: string }).code;

describe('I4: agents stay agents', () => {
  const base = () => `/operator/organizations/${organization}`;

  it('an agent key opens nothing that is the operator’s, and changes nothing', async () => {
    const before = await recordedLedger(system, organization);
    const reads = [
      '',
      '/agents',
      '/policies',
      '/budgets',
      '/holds',
      '/decisions',
      '/events?from=0',
      '/ledger/export',
      '/ledger/checkpoint',
      '/ledger/keys',
    ];
    const commands = [
      { type: 'IssueAgentKey', agent: ada.name, scopes: ['act', 'test'] },
      { type: 'PublishPolicy', document: allowAll },
      { type: 'DetachPolicy', name: 'allow-all', layer: 'agent', point: bob.name },
      { type: 'RetireAgent', agent: bob.name },
    ];
    const answers = await as(ada, async (client) => [
      ...(await Promise.all(reads.map((path) => client.get(base() + path)))),
      ...(await Promise.all(commands.map((command) => client.post(`${base()}/commands`, command)))),
      await client.post('/operator/organizations', { name: 'mine' }),
      await client.get('/operator/organizations'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    const after = await recordedLedger(system, organization);
    expect(
      after
        .slice(before.length)
        .filter(({ type }) => type !== 'AgentAttemptRefused')
        .map(({ type }) => type),
    ).toEqual([]);
  });

  it('an attempt is recorded, the first per operation and minute', async () => {
    await as(bob, async (client) => {
      for (let count = 0; count < 5; count += 1) await client.get(`${base()}/agents`);
    });
    const rows = await recordedLedger(system, organization);
    const attempts = rows
      .filter(({ payload }) => JSON.stringify(payload).includes(bob.id))
      .filter(({ type }) => /Attempt|Refused/.test(type));
    expect(attempts.length).toBeGreaterThanOrEqual(1);
    expect(attempts.length).toBeLessThanOrEqual(2);
  });

  it('another agent’s decision answers as if there were none', async () => {
    const { id } = await decided(ada);
    const absent = `dec_${'0'.repeat(32)}`;
    for (const path of [`/v1/decisions/${id}`, `/v1/decisions/${id}/receipt`]) {
      const theirs = await as(bob, (client) => client.get(path));
      const none = await as(bob, (client) => client.get(path.replace(id, absent)));
      expect([theirs.status, theirs.body]).toEqual([none.status, none.body]);
      expect(theirs.status).toBe(404);
    }
    const report = await as(bob, (client) => client.post(`/v1/decisions/${id}/outcome`, { status: 'success' }));
    expect(report.status).toBe(404);
  });
});

describe('I7: tenants are apart', () => {
  it('a decision of another organization answers as if there were none', async () => {
    const { id } = await decided(ada);
    const answer = await as(stranger, (client) => client.get(`/v1/decisions/${id}`));
    expect([answer.status, codeOf(answer)]).toEqual([404, 'decision.not_found']);
  });

  it('the app’s own role sees no row without a tenant, and only its tenant’s with one', async () => {
    await decided(ada);
    await decided(stranger);
    const sql = connectAsSuperuser(system.database.appUrl);
    try {
      const without = await sql<{ count: bigint }[]>`select count(*) from ledger.events`;
      expect(without[0]?.count).toBe(0n);
      const seen = await sql.begin(async (tx) => {
        await tx`select set_config('countersign.tenant', ${other}, true)`;
        return tx<{ id: string }[]>`select distinct organization_id as id from ledger.events`;
      });
      expect(seen.map(({ id }) => id)).toEqual([other]);
    } finally {
      await sql.end();
    }
  });
});

describe('I10: asking twice is asking once', () => {
  it('fifty at once with one request id are one decision, and one place in the ledger', async () => {
    const body = { requestId: crypto.randomUUID(), ...buy };
    const answers = await Promise.all(Array.from({ length: 50 }, () => decided(ada, body)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ repeat }) => !repeat)).toHaveLength(1);
    const rows = await recordedLedger(system, organization);
    expect(rows.filter(({ payload }) => payload.requestId === body.requestId)).toHaveLength(1);
  });

  it('the same id for another action is refused, and after the outcome there is nothing left to repeat', async () => {
    const body = { requestId: crypto.randomUUID(), ...buy };
    const { id } = await decided(ada, body);
    const reused = await ask(ada, { ...body, args: { amount: 2 } });
    expect([reused.status, codeOf(reused)]).toEqual([409, 'request.reused']);
    await as(ada, (client) => client.post(`/v1/decisions/${id}/outcome`, { status: 'success' }));
    const closed = await ask(ada, body);
    expect([closed.status, codeOf(closed)]).toEqual([409, 'request.closed']);
    expect(closed.body).toMatchObject({ decision: { id } });
  });

  it('one agent’s id is not another’s', async () => {
    const body = { requestId: crypto.randomUUID(), ...buy };
    expect((await decided(ada, body)).id).not.toBe((await decided(bob, body)).id);
  });
});

describe('I13: our secrets stay secret', () => {
  it('no key or token of ours stands anywhere in the database, nor in the log', async () => {
    const secrets = [ada.key, bob.key, stranger.key, system.operatorToken];
    const sql = connectAsSuperuser(system.database.superuserUrl);
    try {
      const tables = await sql<{ name: string }[]>`
        select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('ledger', 'enforcement', 'identity', 'notices')`;
      expect(tables.length).toBeGreaterThan(10);
      for (const { name } of tables) {
        const [row] = await sql.unsafe<{ found: bigint }[]>(
          `select count(*) as found from ${name} t where t::text ~ $1`,
          [secrets.join('|')],
        );
        expect(row?.found, name).toBe(0n);
      }
    } finally {
      await sql.end();
    }
    for (const secret of secrets) expect(system.apis[0]?.log()).not.toContain(secret);
  });

  it('a well-known secret in args, target and reason is hidden before it is recorded', async () => {
    const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const { position } = await decided(ada, {
      requestId: crypto.randomUUID(),
      intent: 'shop.buy',
      target: secret,
      args: { note: secret },
      reason: secret,
    });
    const rows = await recordedLedger(system, organization);
    expect(JSON.stringify(rows[position])).not.toContain(secret);
    expect(JSON.stringify(rows[position])).toContain('[redacted:');
  });
});

describe('I14: one clock', () => {
  it('times never run backwards along positions, and an agent’s clock is nowhere', async () => {
    await Promise.all(Array.from({ length: 200 }, () => decided(ada)));
    const rows = await recordedLedger(system, organization);
    const backwards = rows.filter(({ recordedAt }, index) => recordedAt < (rows[index - 1]?.recordedAt ?? 0));
    expect(backwards).toEqual([]);
  });
});

describe('I9: the ledger cannot be quietly changed', () => {
  it.each([
    ['update', `update ledger.events set type = 'Other'`],
    ['delete', 'delete from ledger.events'],
    ['truncate', 'truncate ledger.events'],
    ['payload update', `update ledger.payloads set payload = '{}'`],
    ['payload delete', 'delete from ledger.payloads'],
    ['trigger switch', 'alter table ledger.events disable trigger all'],
  ])('the role that serves may not %s', async (_, statement) => {
    const sql = connectAsSuperuser(system.database.appUrl);
    try {
      await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
    } finally {
      await sql.end();
    }
  });
});

describe('I12: decisions can be re-decided', () => {
  it('from the ledger alone, with the same verdict and reasons', async () => {
    const limited = await arrangeAgent(system.operator, organization, {
      team: 'shop',
      policy: organizationCap('0.002'),
    });
    const answers: DecisionAnswer[] = [];
    for (let count = 0; count < 4; count += 1)
      answers.push(
        await decided(limited, { requestId: crypto.randomUUID(), intent: 'shop.buy', cost: { usd: '0.001' } }),
      );
    expect(answers.map(({ verdict }) => verdict)).toEqual(['allow', 'allow', 'block', 'block']);
    const check = await system.operator.post(`/operator/organizations/${organization}/state/check`, {});
    expect(check).toMatchObject({ agrees: true, redecided: { different: [] } });
    expect((check as { redecided: { same: number } }).redecided.same).toBeGreaterThanOrEqual(4);
  });
});

describe('I3: fail closed', () => {
  it('while the database is away nothing is allowed, and afterwards everything is as before', async () => {
    const killing = system.database.killAndRestart();
    const statuses: number[] = [];
    const verdicts: string[] = [];
    let isBack = false;
    void killing.then(() => (isBack = true));
    while (!isBack) {
      const answer = await ask(ada);
      statuses.push(answer.status);
      if (answer.status === 200) verdicts.push((answer.body as DecisionAnswer).id);
    }
    await killing;
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    const rows = await recordedLedger(system, organization);
    const recorded = new Set(rows.map(({ payload }) => payload.decisionId));
    expect(verdicts.filter((id) => !recorded.has(id))).toEqual([]);
    expect((await ask(ada)).status).toBe(200);
  });

  it('an unknown agent gets no decision', async () => {
    const answer = await ask({ ...ada, key: `csk_${'A'.repeat(43)}` });
    expect(answer.status).toBe(401);
  });
});
