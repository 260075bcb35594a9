import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres, type Sql } from './connection.ts';
import { inPipelinedTransaction } from './pipeline.ts';
import { inTenant } from './tenant.ts';

const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 2_000, idleInTransactionTimeoutMs: 2_000 };
const CONNECTIONS = 3;

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.drop());

/** A database that can go away and come back under one address. */
async function openRelay(to: number) {
  const sockets = new Set<Socket>();
  let server: Server;
  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      server = createServer((client) => {
        const upstream = connect(to, '127.0.0.1');
        for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
        client.pipe(upstream).pipe(client);
      }).listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  const port = await listen(0);
  const goAway = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port, goAway, comeBack: () => listen(port) };
}

/** What Postgres says once a connection is open and asked nothing: ReadyForQuery, idle. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** Cuts the first connections the moment something is sent on them after they opened. */
async function openCutter(to: number, cuts: number) {
  let left = cuts;
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    let isOpen = false;
    upstream.on('data', (bytes) => (isOpen ||= bytes.includes(READY)));
    client.on('data', (bytes) => {
      if (!isOpen || left === 0) return void upstream.write(bytes);
      left -= 1;
      client.destroy();
      upstream.destroy();
    });
    upstream.pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

function poolAt(port: number): Sql {
  const url = new URL(database.appUrl);
  url.port = String(port);
  return connectPostgres(url.href, { connections: CONNECTIONS, applicationName: 'test', limits });
}

const ask = (sql: Sql) =>
  inPipelinedTransaction(sql, async (transaction) => {
    const [row] = await transaction.send(transaction.sql<{ pid: number }[]>`select pg_backend_pid() as pid`);
    await transaction.commit();
    return row?.pid;
  });

const within = <Value>(milliseconds: number, answer: Promise<Value>): Promise<Value> =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('it hung')), milliseconds).unref()),
  ]);

describe('sessions', () => {
  it('I3: are all there again after the database was away, however often somebody asked meanwhile', async () => {
    const relay = await openRelay(Number(new URL(database.appUrl).port));
    const sql = poolAt(relay.port);
    await ask(sql);
    await relay.goAway();
    const refused = await Promise.allSettled(Array.from({ length: 5 * CONNECTIONS }, () => ask(sql)));
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 'rejected'));

    await relay.comeBack();
    const answered = await Promise.all(Array.from({ length: 5 * CONNECTIONS }, () => ask(sql)));
    expect(new Set(answered).size).toBeLessThanOrEqual(CONNECTIONS);
    await sql.end();
    await relay.goAway();
  });

  // The driver asks every new connection for the types of arrays, in a promise that nobody hears: a server that dies then
  // ended the process, and left whoever had waited for the connection waiting for ever.
  it('I3: fail, and neither end the process nor wait for ever, when their connection dies as it opens', async () => {
    const cuts = 2 * CONNECTIONS;
    const cutter = await openCutter(Number(new URL(database.appUrl).port), cuts);
    const sql = poolAt(cutter.port);
    for (let cut = 0; cut < cuts; cut += 1) await expect(within(5_000, ask(sql))).rejects.toThrow(/lost|CLOSED|ECONN/);
    expect(await within(5_000, ask(sql))).toBeDefined();
    await sql.end();
    cutter.close();
  });

  it('refuse what is sent after their connection was lost, instead of ending the process', async () => {
    const relay = await openRelay(Number(new URL(database.appUrl).port));
    const sql = poolAt(relay.port);
    const cutOff = inTenant(sql, '0198c5aa-0000-7000-8000-000000000001', async (transaction) => {
      await transaction`select 1`;
      await relay.goAway();
      await transaction`select pg_sleep(1)`.catch(() => undefined);
      return transaction`select 2`;
    });
    await expect(cutOff).rejects.toMatchObject({ code: 'postgres.connection_lost' });
    await relay.comeBack();
    expect(await ask(sql)).toBeDefined();
    await sql.end();
    await relay.goAway();
  });

  it('settle everything that was sent or still waited to be, when their connection is cut', async () => {
    const relay = await openRelay(Number(new URL(database.appUrl).port));
    const sql = poolAt(relay.port);
    const outcomes = inPipelinedTransaction(sql, async ({ send, sql: session }) => {
      const sent = Array.from({ length: 500 }, (_, index) => send(session`select ${index}::int, pg_sleep(0.01)`));
      const answers = Promise.allSettled(sent);
      await relay.goAway();
      return answers;
    });
    // The transaction cannot end well; that it ends is the point.
    await expect(outcomes).rejects.toBeDefined();
    await sql.end();
  });

  it('are kept open between transactions, and ended with their pool', async () => {
    const sql = poolAt(Number(new URL(database.appUrl).port));
    expect(await ask(sql)).toBe(await ask(sql));
    const pid = await ask(sql);
    await sql.end();
    const other = poolAt(Number(new URL(database.appUrl).port));
    const left = await other`select from pg_stat_activity where pid = ${pid ?? 0} and state is not null`;
    expect(left).toHaveLength(0);
    await other.end();
  });

  it('roll back and stay usable when the work fails', async () => {
    const sql = poolAt(Number(new URL(database.appUrl).port));
    const failing = inPipelinedTransaction(sql, async ({ send, sql: session }) => {
      await send(session`select set_config('countersign.tenant', 'left-behind', true)`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await ask(sql)).toBeDefined();
    await sql.end();
  });
});
