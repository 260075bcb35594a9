import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { newEvent, newOrganizationId } from '@countersign/ledger-testing';
import { inPipelinedTransaction, settled } from '@countersign/postgres';
import { describe, expect, it } from 'vitest';
import { updateHead } from './append-statements.ts';
import { HeadTransactions, setTenant, type HeadWork } from './head-transactions.ts';
import { HeadPlaces, type Page } from './head-places.ts';
import { openLedgers } from './ledgers.mother.ts';
import type { LockedHead } from './locked-head.ts';

const ledgers = openLedgers();

/** What it remembers is its own. */
const newReplica = () => new HeadTransactions(nodeCrypto, Date.now);

async function opened(): Promise<OrganizationId> {
  const organization = newOrganizationId();
  await ledgers().open(organization);
  return organization;
}

/** Appends one event, once `go` says so, and tells which head it did that under. */
const appending = (go: () => Promise<void> = () => Promise.resolve()): HeadWork<[], LockedHead> => ({
  load: () => [],
  decide: async (head) => {
    await go();
    const events = [newEvent({ stream: `order-${head.size}`, streamVersion: 1 })];
    return { events, configurationIndex: -1, requestKeys: [], write: () => [], result: () => head };
  },
});

const append = (replica: HeadTransactions, organization: OrganizationId) =>
  replica.run(ledgers().pools.decisions, organization, appending());

/** Locks the head and changes nothing. How often this transaction has searched the heads by key, and what it found. */
const looking: HeadWork<[readonly { searches: bigint }[]], { searches: number; head: LockedHead }> = {
  load: ({ sql, send }) => [
    send(sql<{ searches: bigint }[]>`
      select coalesce(idx_scan, 0) as searches, pg_stat_force_next_flush()::text
        from pg_stat_xact_all_tables where relid = 'ledger.heads'::regclass`),
  ],
  decide: async (head, [rows]) => ({
    events: [],
    configurationIndex: -1,
    requestKeys: [],
    write: () => [],
    result: () => ({ searches: Number(rows[0]?.searches ?? 0), head }),
  }),
};

const look = (replica: HeadTransactions, organization: OrganizationId) =>
  replica.run(ledgers().pools.decisions, organization, looking);

/** Resolves once somebody waits for a head. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const [row] = await ledgers().as.superuser<{ waiting: bigint }[]>`
      select count(*) as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%ledger.lock_head%'`;
    if ((row?.waiting ?? 0n) > 0n) return;
  }
}

/** One replica holds the lock, the other comes and waits, the first commits: what did the second find? */
async function interleave(holder: HeadTransactions, waiter: HeadTransactions, organization: OrganizationId) {
  let waited: Promise<LockedHead> | undefined;
  const held = await holder.run(
    ledgers().pools.decisions,
    organization,
    appending(async () => {
      waited = append(waiter, organization);
      await untilSomebodyWaits();
    }),
  );
  return { held, waited: await (waited as unknown as Promise<LockedHead>) };
}

const sizeOf = async (organization: OrganizationId) => (await ledgers().ledger.head(organization)).size;

/** A reader whose snapshot keeps every version of every row. */
async function openReader() {
  const sql = ledgers().connect(ledgers().database.superuserUrl ?? ledgers().database.adminUrl);
  await sql.unsafe('begin isolation level repeatable read');
  await sql.unsafe('select from ledger.heads');
  return { close: () => sql.unsafe('rollback') };
}

/** How many pages the database touches to lock a head that was last seen on this one. */
async function pagesTouched(organization: OrganizationId, { from, to }: Page): Promise<number> {
  const { app } = ledgers().as;
  await app.unsafe('begin');
  try {
    await app`select set_config('countersign.tenant', ${organization}, true)`;
    const explained = await app.unsafe<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }[]>(
      `explain (analyze, buffers, format json) select * from ledger.lock_head('${organization}', '${from}', '${to}')`,
    );
    const plan = explained[0]?.['QUERY PLAN'][0]?.Plan ?? {};
    return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  } finally {
    await app.unsafe('rollback');
  }
}

describe('a head that was seen before', () => {
  it('is searched by key only once, whether the process appended or only looked', async () => {
    const organization = await opened();
    const replica = newReplica();
    expect((await look(replica, organization)).searches).toBe(1);
    expect((await look(replica, organization)).searches).toBe(0);
    await append(replica, organization);
    expect(await look(replica, organization)).toMatchObject({ searches: 0, head: { size: 1 } });
  });

  it('I2: is the newest one for a replica that waited for it, as often as they take turns', async () => {
    const organization = await opened();
    const [one, other] = [newReplica(), newReplica()];
    await append(one, organization);
    await append(other, organization);
    for (const [holder, waiter] of [
      [one, other],
      [other, one],
      [one, other],
    ] as const) {
      const before = await sizeOf(organization);
      const { held, waited } = await interleave(holder, waiter, organization);
      expect([held.size, waited.size]).toEqual([before, before + 1]);
      expect(await sizeOf(organization)).toBe(before + 2);
    }
  });

  it('is found where another replica moved it, on the same page or on another', async () => {
    const organization = await opened();
    const [one, other] = [newReplica(), newReplica()];
    const reader = await openReader();
    const pages = new Set<string | undefined>();
    for (let size = 0; size < 400; size += 1) {
      const head = await append(size % 100 === 1 || size % 100 === 99 ? one : other, organization);
      expect(head.size).toBe(size);
      pages.add(head.place.split(',')[0]);
    }
    await reader.close();
    expect(pages.size).toBeGreaterThan(4);
    expect((await look(one, organization)).head.size).toBe(400);
  });

  it('is never another organization’s that stands on the same page', async () => {
    const organizations = [await opened(), await opened(), await opened()];
    const replica = newReplica();
    const places = await Promise.all(organizations.map(async (id) => (await look(replica, id)).head.place));
    expect(new Set(places.map((place) => place.split(',')[0])).size).toBe(1);
    for (const [index, organization] of organizations.entries())
      for (let count = 0; count < index; count += 1) await append(replica, organization);
    for (const [size, organizationId] of organizations.entries()) {
      expect((await look(replica, organizationId)).head).toMatchObject({ organizationId, size });
      // Without row security, which would hide the others.
      const locked = ledgers().as.superuser`select size from ledger.lock_head(${organizationId}, '(0,0)', '(100,0)')`;
      expect(await locked).toEqual([{ size: BigInt(size) }]);
    }
  });

  it('is locked without a walk over the versions that an open snapshot keeps, and found where the table is written anew', async () => {
    const organization = await opened();
    const replica = newReplica();
    const reader = await openReader();
    for (let count = 0; count < 600; count += 1) await append(replica, organization);
    const { head } = await look(replica, organization);
    const places = new HeadPlaces();
    const searched = await pagesTouched(organization, places.of(organization));
    places.found(organization, head.place);
    const seen = await pagesTouched(organization, places.of(organization));
    expect({ seen, searched, pilesUp: head.versionsPileUp }).toMatchObject({ pilesUp: true });
    expect(searched).toBeGreaterThan(20);
    expect(seen).toBeLessThan(10);

    await reader.close();
    await ledgers().as.superuser.unsafe('vacuum full ledger.heads');
    expect((await append(replica, organization)).size).toBe(600);
    expect((await look(replica, organization)).head.size).toBe(601);
  });

  it('is never left behind: a batch that does not find it is not recorded', async () => {
    const organizationId = await opened();
    const { pools, ledger } = ledgers();
    const root = new Uint8Array(32);
    const moved = { organizationId, size: 1, root, frontier: root, recordedAt: 1, epoch: -1, place: '(9,9)' };
    const batch = inPipelinedTransaction(pools.decisions, async ({ sql, send, commit }) => {
      await settled([send(setTenant(sql, organizationId)), send(updateHead(sql, moved)), commit()]);
    });
    await expect(batch).rejects.toThrow('division by zero');
    expect((await ledger.head(organizationId)).size).toBe(0);
  });

  it('tells of versions that pile up only while somebody’s snapshot is open', async () => {
    const organization = await opened();
    const replica = newReplica();
    for (let count = 0; count < 300; count += 1) await append(replica, organization);
    expect((await look(replica, organization)).head.versionsPileUp).toBe(false);
  });
});
