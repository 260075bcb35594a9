import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { OrganizationId } from '@countersign/kernel';
import { hasRedis, openRedis } from '@countersign/testing';
import { describe, expect, it, vi } from 'vitest';
import { settle, stageNotices, until } from './notices-stage.fixture.ts';
import { organizationIdOf, type TestWorker } from './notices.fixture.ts';

const { api, atEnd, sleeping, working, looking, opened, runAs } = stageNotices();

describe('several workers', () => {
  it('tell each thing once, however they race', async () => {
    const workers = [await working(), await working()];
    const { receiver, ask } = await opened(['approval.opened']);
    const targets = Array.from({ length: 15 }, (_, n) => `order-${n}`);
    for (const target of targets) {
      await ask(target);
      await Promise.all(workers.map(({ notices }) => notices.sweep()));
    }
    await until(workers[0] as TestWorker, () => receiver.all.length >= targets.length);
    await settle(...workers);
    expect(receiver.all.map(({ data }) => data['target']).sort()).toEqual([...targets].sort());
    expect(new Set(receiver.all.map(({ id }) => id)).size).toBe(targets.length);
  });

  it('read one ledger at the same moment, and add up what nobody reported once', async () => {
    const workers = [await sleeping(), await sleeping()];
    const { name, key } = await opened(['budget.unreported']);
    const document = `apiVersion: countersign/v1
name: buyer
allow: [{ match: "shop.buy:*", holdFor: 1s }]
budgets: [{ name: all, scope: agent, match: "shop.*:*", unit: usd, window: total, cap: 100 }]
`;
    await api().command(name, { type: 'PublishPolicy', document });
    const organizationId = OrganizationId.parse(await organizationIdOf(api(), name));
    const sql = looking();
    for (let round = 1; round <= 5; round += 1) {
      const bought = await api().ask(key, { intent: 'shop.buy', target: 'books', cost: { usd: '2' } });
      expect(bought.body, bought.text).toMatchObject({ verdict: 'allow' });
      await pause(1_050);
      await workers[0]?.expireHolds.sweep();
      await Promise.all([...workers, ...workers].map(({ notices }) => notices.follow(organizationId)));
      const rows = await sql<{ amount: bigint }[]>`
        select amount from notices.unreported where organization_id = ${organizationId}::text::uuid`;
      expect(rows.map(({ amount }) => amount)).toEqual([BigInt(round) * 2_000_000_000n]);
    }
  });

  it('lose nothing and double nothing when one is cut off in the middle of writing', async () => {
    const worker = await working();
    const { name, receiver, ask } = await opened(['approval.opened']);
    const organizationId = await organizationIdOf(api(), name);
    await settle(worker);
    const sql = looking();
    const { position } = (await followed()) ?? {};
    // Whoever writes has moved the position by then, and waits for this to insert what is to be sent.
    await sql.begin(async (transaction) => {
      await transaction`lock table notices.deliveries in exclusive mode`;
      await ask();
      await worker.notices.sweep();
      const blocked = await waitForBlocked();
      for (const pid of blocked) await sql`select pg_terminate_backend(${pid}::int)`;
    });
    expect((await followed())?.position).toBe(position);
    await until(worker, () => receiver.all.length > 0);
    await settle(worker);
    expect(receiver.all).toHaveLength(1);

    async function followed() {
      const [row] = await sql<{ position: bigint }[]>`
        select position from notices.followed where organization_id = ${organizationId}::text::uuid`;
      return row;
    }
    async function waitForBlocked(): Promise<readonly number[]> {
      for (let tries = 0; tries < 200; tries += 1) {
        const rows = await sql<{ pid: number }[]>`
          select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into notices.deliveries%'`;
        if (rows.length > 0) return rows.map(({ pid }) => pid);
        await pause(10);
      }
      throw new Error('nobody was writing');
    }
  });
});

const redisOrNot = hasRedis() || process.env['CI'] === '1';
if (!redisOrNot) console.log('not run: notices with a Redis that forgets (redis-server not found)');

describe.runIf(redisOrNot)('with every job lost', () => {
  it('news is late, and not lost', async () => {
    const redis = await openRedis();
    atEnd(() => redis.stop());
    const worker = await sleeping({ queues: { redisUrl: redis.url } });
    const { receiver, ask } = await opened(['approval.opened']);
    await ask('order-1');
    await worker.notices.sweep();
    await flush(redis.url);
    await worker.notices.work();
    await pause(300);
    expect(receiver.all).toEqual([]);
    await until(worker, () => receiver.all.length === 1);

    // A retry that waits is lost as well: what is due is found by the database's own clock.
    receiver.answer = () => (receiver.all.length === 2 ? 500 : 204);
    await ask('order-2');
    await until(worker, () => receiver.all.length === 2);
    await flush(redis.url);
    await until(worker, () => receiver.all.length === 3);
    expect(receiver.all[2]?.id).toBe(receiver.all[1]?.id);
  });
});

async function flush(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((done) => {
    socket.once('data', () => done());
    socket.write('FLUSHALL\r\n');
  });
  socket.destroy();
}

describe('what is old', () => {
  it('goes once a day: ended deliveries, and secrets that no endpoint has', async () => {
    const worker = await working();
    const { name, ask, receiver, endpointId } = await opened(['approval.opened']);
    const rotated = await api().command(name, { type: 'RotateEndpointSecret', endpointId, overlapHours: 0 });
    expect(rotated.status).toBe(200);
    await api().command(name, { type: 'RotateEndpointSecret', endpointId, overlapHours: 0 });
    await ask();
    await until(worker, () => receiver.all.length === 1);
    await settle(worker);
    const organizationId = await organizationIdOf(api(), name);
    const sql = looking();
    const counted = async () => {
      const [row] = await sql<{ text: string }[]>`
        select format('%s deliveries, %s secrets',
          (select count(*) from notices.deliveries where organization_id = ${organizationId}::text::uuid),
          (select count(*) from notices.endpoint_secrets where organization_id = ${organizationId}::text::uuid)) as text`;
      return row?.text;
    };
    const nextDay = () =>
      sql`update notices.followed set checkpoint_day = '' where organization_id = ${organizationId}::text::uuid`;
    // Of three secrets the newest two are the endpoint's: the last, and the one before it, which has just ended.
    expect(await counted()).toBe('2 deliveries, 3 secrets');
    await nextDay();
    await settle(worker);
    expect(await counted()).toBe('2 deliveries, 3 secrets');

    await sql`update notices.deliveries set ended_at = 1 where organization_id = ${organizationId}::text::uuid`;
    await sql`update notices.endpoint_secrets set secret_id = 'whs_00' || substr(secret_id, 7)
               where organization_id = ${organizationId}::text::uuid and secret_id = (
                 select min(secret_id) from notices.endpoint_secrets where organization_id = ${organizationId}::text::uuid)`;
    await nextDay();
    await settle(worker);
    expect(await counted()).toBe('0 deliveries, 2 secrets');
  });
});

describe('tenants', () => {
  it('I7: hear of themselves alone', async () => {
    const worker = await working();
    const [one, other] = [await opened(['approval.opened']), await opened(['approval.opened'])];
    await one.ask('ours');
    await until(worker, () => one.receiver.all.length === 1);
    await settle(worker);
    expect(other.receiver.all).toEqual([]);
    expect(worker.mails.map(({ to }) => to)).toEqual([one.ada.email]);
    const organizationId = await organizationIdOf(api(), one.name);
    const { codes } = await runAs(
      other.grace,
      'query ($o: ID!) { organization(id: $o) { endpoints { edges { node { url } } } } }',
      {
        o: organizationId,
      },
    );
    expect(codes).toEqual(['graphql.not_found']);
    const change = await api().command(other.name, { type: 'RemoveEndpoint', endpointId: one.endpointId });
    expect([change.status, change.body.code]).toEqual([404, 'channels.endpoint_not_found']);
  });
});

describe('I13: the secret of an endpoint', () => {
  it('is answered once and is nowhere else: not in the ledger, any table, the export, or the log', async () => {
    const printed: string[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
    try {
      const worker = await working();
      const { name, ask, receiver, secret, endpointId } = await opened(['approval.opened']);
      const rotated = await api().command(name, { type: 'RotateEndpointSecret', endpointId });
      receiver.answer = () => 500;
      await ask();
      await until(worker, () => receiver.all.length > 0);
      const secrets = [secret, String(rotated.body['secret'])];
      expect(secrets.every((each) => /^whsec_[A-Za-z0-9+/]{43}=$/.test(each))).toBe(true);

      const kept = (await everything()) + printed.join('') + JSON.stringify(receiver.all) + worker.errors.join('');
      expect(kept).toContain(endpointId);
      for (const each of secrets) {
        const raw = Buffer.from(each.slice('whsec_'.length), 'base64');
        for (const form of [each.slice('whsec_'.length), raw.toString('hex'), raw.toString('base64url')])
          expect(kept.includes(form)).toBe(false);
      }
    } finally {
      vi.restoreAllMocks();
    }
  });

  /** All rows of all tables, as text. */
  async function everything(): Promise<string> {
    const sql = looking();
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('ledger', 'enforcement', 'identity', 'notices', 'bullmq')`;
    const rows = [];
    for (const { name } of tables) rows.push(...(await sql.unsafe(`select t::text as row from ${name} t`)));
    return rows.map((row) => String(row['row'])).join('\n');
  }
});

describe('what cannot be read', () => {
  it.each([
    ['a URL that is none', { url: 'nowhere' }, 'url'],
    ['clear text over a network', { url: 'http://hooks.example/' }, 'url'],
    ['a password in it', { url: 'https://ada:pw@hooks.example/' }, 'url'],
    ['a hidden character', { url: 'https://hooks.example/\u200b' }, 'url'],
    ['no URL', { url: undefined }, 'url'],
    ['a number', { url: 7 }, 'url'],
    ['no kinds', { kinds: [] }, 'kinds'],
    ['an unknown kind', { kinds: ['../x'] }, 'kinds[0]'],
    ['a secret of one’s own', { secret: 'whsec_mine' }, 'secret'],
    ['an id of one’s own', { endpointId: `whk_${'0'.repeat(32)}` }, 'endpointId'],
  ])('is refused, naming the field: %s', async (_what, changes, field) => {
    const { name, receiver } = await openedOnce();
    const wish = { type: 'AddEndpoint', url: 'https://hooks.example/', kinds: ['stop.placed'], ...changes };
    const { status, body, text } = await api().command(name, wish);
    expect(status, text).toBe(400);
    expect(JSON.stringify(body['errors'] ?? body)).toContain(field);
    expect(receiver.all).toEqual([]);
  });

  it.each([
    ['http://127.0.0.1:4999/hook', ['channels.private_endpoint']],
    ['https://localhost/hook', ['channels.private_endpoint']],
    ['https://localhost.example/hook', []],
  ])('of this machine is taken with a word about the setting it needs: %s', async (url, warnings) => {
    const { name } = await openedOnce();
    const { body, text } = await api().command(name, { type: 'AddEndpoint', url, kinds: ['stop.placed'] });
    expect((body['warnings'] as readonly { code: string }[]).map(({ code }) => code)).toEqual(warnings);
    expect(text.includes('WEBHOOK_PRIVATE_ADDRESSES=allow')).toBe(warnings.length > 0);
  });

  it.each([
    ['an endpoint that is not there', `endpointId: "whk_${'0'.repeat(32)}"`, 'channels.endpoint_not_found'],
    ['a hostile id', 'endpointId: "../../x\\u0000"', 'endpointId'],
    ['an id without an end', `endpointId: "whk_${'0'.repeat(4_000)}"`, 'endpointId'],
    ['an overlap of years', `endpointId: "whk_${'0'.repeat(32)}", overlapHours: 100000`, 'overlapHours'],
  ])('is refused over GraphQL: %s', async (_what, input, said) => {
    const { name, grace } = await openedOnce();
    const { text } = await runAs(
      grace,
      `mutation ($o: ID!) { rotateEndpointSecret(input: { organizationId: $o, ${input} }) {
        ... on CommandDone { secret } ... on Refusal { code message } } }`,
      { o: await organizationIdOf(api(), name) },
    );
    expect(text).toContain(said);
    expect(text).not.toContain('whsec_');
  });

  let known: ReturnType<typeof opened> | undefined;
  const openedOnce = () => (known ??= opened());
});
