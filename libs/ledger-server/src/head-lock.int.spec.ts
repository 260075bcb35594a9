import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { newEvent, newOrganizationId } from '@countersign/ledger-testing';
import type { Sql } from '@countersign/postgres';
import { describe, expect, it } from 'vitest';
import { HeadTransactions, type HeadWork } from './head-transactions.ts';
import { openLedgers } from './ledgers.mother.ts';
import { PostgresLedger } from './postgres-ledger.ts';

const ledgers = openLedgers();

const KEY = 'treasury/agent-day';

/** A session inside a transaction of the organization's, as a replica has one. */
async function replica(organization: OrganizationId): Promise<Sql> {
  const sql = ledgers().connect(ledgers().database.appUrl);
  await sql.unsafe('begin');
  await sql`select set_config('countersign.tenant', ${organization}, true)`;
  return sql;
}

async function openWithCounter(): Promise<OrganizationId> {
  const organization = newOrganizationId();
  await ledgers().open(organization);
  const sql = await replica(organization);
  await sql`insert into enforcement.budget_counters (organization_id, key, spent, held) values (${organization}, ${KEY}, 0, 0)`;
  await sql.unsafe('commit');
  return organization;
}

/** Holds the head's lock and changes the counter, as a batch does, and commits once the other replica waits. */
async function holder(organization: OrganizationId) {
  const sql = await replica(organization);
  await sql`select from ledger.heads where organization_id = ${organization} for no key update`;
  await sql`update enforcement.budget_counters set held = 5 where organization_id = ${organization} and key = ${KEY}`;
  return {
    async commitOnceAnotherWaits() {
      await untilSomebodyWaits();
      await sql.unsafe('commit');
    },
  };
}

async function untilSomebodyWaits(): Promise<void> {
  const watcher = ledgers().as.superuser;
  for (;;) {
    const [row] = await watcher<{ waiting: bigint }[]>`
      select count(*) as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%ledger.heads%'`;
    if ((row?.waiting ?? 0n) > 0n) return;
  }
}

const readCounter = (organization: OrganizationId): HeadWork<[readonly { held: bigint }[]], bigint | undefined> => ({
  load: ({ sql, send }) => [
    send(sql<{ held: bigint }[]>`
      select held from enforcement.budget_counters where organization_id = ${organization}::text::uuid and key = ${KEY}`),
  ],
  decide: async (_head, [rows]) => ({
    events: [],
    configurationIndex: -1,
    requestKeys: [],
    write: () => [],
    result: () => rows[0]?.held,
  }),
});

describe('the head’s lock between two replicas', () => {
  it('I2: shows whoever waited for it what the other one changed', async () => {
    const organization = await openWithCounter();
    const first = await holder(organization);
    const second = ledgers().transactions.run(ledgers().pools.decisions, organization, readCounter(organization));
    await first.commitOnceAnotherWaits();
    expect(await second).toBe(5n);
  });

  // Why the lock is a statement of its own: this is the failure that let two replicas spend the same money.
  it('would show the counter from before the wait if one statement locked and joined it', async () => {
    const organization = await openWithCounter();
    const first = await holder(organization);
    const sql = await replica(organization);
    const second = sql<{ held: bigint }[]>`
      select c.held from ledger.heads h join enforcement.budget_counters c using (organization_id)
       where h.organization_id = ${organization} and c.key = ${KEY} for no key update of h`.execute();
    await first.commitOnceAnotherWaits();
    expect((await second)[0]?.held).toBe(0n);
  });

  it('I9: lets sixteen writers of two processes append without a gap, each stream in order', async () => {
    const { ledger, open } = ledgers();
    const organization = newOrganizationId();
    await open(organization);
    const writer = async (name: string) => {
      for (let streamVersion = 1; streamVersion <= 10; streamVersion += 1)
        await ledger.append(organization, [newEvent({ stream: `order-${name}`, streamVersion })]);
    };
    await Promise.all(Array.from({ length: 16 }, (_, index) => writer(`${index}`)));
    const events = await ledger.readPositions(organization, { from: 0, limit: 200 });
    expect(events.map(({ position }) => position)).toEqual(Array.from({ length: 160 }, (_, index) => index));
  });

  it('tells whoever listens of commits that appended, and of no others', async () => {
    const { pools, open } = ledgers();
    const heard: string[] = [];
    const transactions = new HeadTransactions(nodeCrypto, Date.now, (id) => heard.push(id));
    const ledger = new PostgresLedger({ ...pools, transactions, crypto: nodeCrypto });
    const organization = newOrganizationId();
    await open(organization);
    await transactions.run(pools.decisions, organization, readCounter(organization));
    await expect(ledger.append(organization, [newEvent({ stream: 'order-1', streamVersion: 2 })])).rejects.toThrow();
    expect(heard).toEqual([]);
    await ledger.append(organization, [newEvent({ stream: 'order-1', streamVersion: 1 })]);
    expect(heard).toEqual([organization]);
  });
});
