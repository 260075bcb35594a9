import { setTimeout as pause } from 'node:timers/promises';
import { NOTICE_KINDS } from '@countersign/channels';
import { connectPostgres, type Sql } from '@countersign/postgres';
import { migrateQueues } from '@countersign/queue';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  addEndpoint,
  openReceiver,
  openWorker,
  SECRETS_KEY,
  type TestWorker,
  type WorkerWish,
} from './notices.fixture.ts';
import { openOperator, type Operated } from './operator.fixture.ts';
import { graph, joins, type Joined } from './people.fixture.ts';

/** An api for one spec file, with workers, receivers and organizations that end with the test that opened them. */
export function stageNotices() {
  let operated: Operated;
  beforeAll(async () => {
    operated = await openOperator({ SECRETS_KEY });
    await migrateQueues(operated.database.adminUrl);
  });
  afterAll(() => operated.close());

  const closing: (() => unknown)[] = [];
  const atEnd = (close: () => unknown) => void closing.push(close);
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const sleeping = async (wish: WorkerWish = {}): Promise<TestWorker> => {
    const worker = await openWorker(operated, wish);
    atEnd(() => worker.close());
    return worker;
  };
  const working = async (wish: WorkerWish = {}): Promise<TestWorker> => {
    const worker = await sleeping(wish);
    await worker.notices.work();
    return worker;
  };
  /** As somebody whom row security does not bind, to look on. */
  const looking = (): Sql => {
    const sql = lookingOn(operated.database.superuserUrl ?? operated.database.adminUrl);
    atEnd(() => sql.end());
    return sql;
  };
  const opened = async (kinds: readonly string[] = NOTICE_KINDS) => {
    const organization = await openOrganization(operated, kinds);
    atEnd(() => organization.receiver.close());
    return organization;
  };
  const runAs = (who: Joined, query: string, variables: object = {}) =>
    graph(operated, who.token, { query, variables });
  return { api: () => operated, atEnd, sleeping, working, looking, opened, runAs };
}

function lookingOn(url: string): Sql {
  const limits = { lockTimeoutMs: 5_000, statementTimeoutMs: 10_000, idleInTransactionTimeoutMs: 30_000 };
  return connectPostgres(url, { connections: 2, applicationName: 'test', limits });
}

let organizations = 0;

/** An organization with an agent that asks the treasury, which Ada leads; Grace owns it all. */
async function openOrganization(operated: Operated, kinds: readonly string[]) {
  const name = `acme-${(organizations += 1)}`;
  const { key } = await operated.openOrganization(name);
  const grace = await joins(operated, name, { name: `grace-of-${name}`, role: 'owner' });
  const teams = [{ team: 'treasury', role: 'lead' }] as const;
  const ada = await joins(operated, name, { name: `ada-of-${name}`, role: 'member', teams });
  const receiver = await openReceiver();
  const endpoint = await addEndpoint(operated, name, `${receiver.url}/hook`, kinds);
  const ask = (target = 'order-1') => operated.ask(key, { intent: 'refund.issue', target });
  return { name, key, grace, ada, receiver, ask, ...endpoint };
}

/** Sweeps as a worker does, until it is so. */
export async function until(worker: TestWorker, isSo: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not so in time; the queue said: ${worker.errors.join('; ')}`);
    await worker.notices.sweep();
    await pause(50);
  }
}

/** Until there is nothing more to do: a while longer than a job takes. */
export async function settle(...workers: readonly TestWorker[]): Promise<void> {
  for (let times = 0; times < 8; times += 1) {
    await Promise.all(workers.map(({ notices }) => notices.sweep()));
    await pause(60);
  }
}
