import { nodeCrypto } from '@countersign/crypto';
import { newEvent, newOrganizationId } from '@countersign/ledger-testing';
import {
  appendLeaves,
  consistencyHolds,
  emptyTree,
  inclusionHolds,
  leafHasher,
  planConsistency,
  planInclusion,
  treeHasher,
  type ProofPlan,
} from '@countersign/ledger';
import { connectPostgres, createPools, type Sql } from '@countersign/postgres';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { HeadTransactions } from './head-transactions.ts';
import { openLedgers } from './ledgers.mother.ts';
import { PostgresLedger } from './postgres-ledger.ts';

const ledgers = openLedgers();
const organization = newOrganizationId();

/** 19 full tiles and an open one of 136 leaves. */
const SIZE = 5_000;
const [leaves, nodes] = [leafHasher(nodeCrypto), treeHasher(nodeCrypto)];

beforeAll(async () => {
  await ledgers().open(organization);
  const { pools, ledger } = ownLedger();
  for (let from = 1; from <= SIZE; from += 250) await ledger.append(organization, refunds(from, 250));
  await pools.end();
});

const refunds = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => newEvent({ stream: 'order-1', streamVersion: from + n }));

/** A ledger on connections that end with it, and with them what they have not yet told of what they read. */
function ownLedger() {
  const pools = createPools(ledgers().database.appUrl, { decisions: 1, commands: 1, reads: 1 });
  const transactions = new HeadTransactions(nodeCrypto, Date.now);
  const ledger = new PostgresLedger({ commands: pools.commands, reads: pools.reads, transactions, crypto: nodeCrypto });
  return { pools, ledger };
}

/**
 * How many rows of the ledger's tables a piece of work reads, as the server itself counts them. A session tells what it
 * read when it ends, and its first plan of a statement may look at an index's end: so twice on one, less once on another.
 */
async function rowsRead(work: (ledger: PostgresLedger) => Promise<unknown>): Promise<number> {
  const once = await rowsOfSession(work, 1);
  return (await rowsOfSession(work, 2)) - once;
}

async function rowsOfSession(work: (ledger: PostgresLedger) => Promise<unknown>, times: number): Promise<number> {
  const [before, others] = [await rowsCounted(), await sessionsOpen()];
  const { pools, ledger } = ownLedger();
  for (let n = 0; n < times; n += 1) await work(ledger);
  await pools.end();
  await vi.waitFor(async () => expect(await sessionsOpen()).toBe(others), { timeout: 10_000 });
  return Number((await rowsCounted()) - before);
}

const patient = { lockTimeoutMs: 5_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };

async function fromOutside<Value>(ask: (sql: Sql) => Promise<Value>): Promise<Value> {
  const sql = connectPostgres(ledgers().database.adminUrl, {
    connections: 1,
    applicationName: 'spec',
    limits: patient,
  });
  return ask(sql).finally(() => sql.end());
}

const sessionsOpen = () =>
  fromOutside(async (sql) => {
    const [row] = await sql<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity
       where datname = current_database() and application_name = 'countersign reads'`;
    return row?.n ?? 0;
  });

const rowsCounted = () =>
  fromOutside(async (sql) => {
    const [row] = await sql<{ n: bigint }[]>`
      select coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint as n
        from pg_stat_user_tables where schemaname = 'ledger'`;
    return row?.n ?? 0n;
  });

describe('a proof', () => {
  // First in this file: rows that other connections read would be counted as well.
  it('reads few stored rows, and at most the open tile’s 255 headers', async () => {
    // One row for the head; then the plan's own.
    const { needs } = planInclusion(17, 4_864);
    expect(await rowsRead((ledger) => ledger.inclusionProof(organization, 17, 4_864))).toBe(
      1 + needs.nodes.length + needs.tiles.length,
    );
    const open = planInclusion(17, SIZE).needs;
    const stored = open.nodes.length + open.tiles.length - 1;
    expect(await rowsRead((ledger) => ledger.inclusionProof(organization, 17, SIZE))).toBe(1 + stored + (SIZE % 256));
  });

  it('I9: leads from events and sizes everywhere in the tree to its root', async () => {
    const { ledger } = ledgers();
    const newer = await ledger.head(organization);
    for (const position of [0, 255, 256, 2_500, 4_863, 4_864, 4_999]) {
      const [event] = await ledger.readPositions(organization, { from: position, limit: 1 });
      if (!event) throw new Error(`position ${position} is missing`);
      const claim = { index: position, leafHash: leaves.leafHash(event, event.commitment), head: newer };
      expect(inclusionHolds(nodes, claim, await ledger.inclusionProof(organization, position, SIZE))).toBe(true);
    }
    for (const size of [1, 256, 1_000, 4_096, 4_900]) {
      const older = { size, root: await rootAt(size) };
      expect(consistencyHolds(nodes, { older, newer }, await ledger.consistencyProof(organization, size, SIZE))).toBe(
        true,
      );
    }
  });

  it('needs a handful of rows that are stored, whatever the size', () => {
    const rows = ({ needs }: ProofPlan) => needs.nodes.length + needs.tiles.length;
    for (const size of [5_000, 1_000_000, 1_000_000_000]) {
      expect(rows(planInclusion(17, size))).toBeLessThanOrEqual(2 * Math.log2(size));
      expect(rows(planConsistency(1_234, size))).toBeLessThanOrEqual(2 * Math.log2(size));
    }
  });

  it('holds over tiles that two replicas filled in turns', async () => {
    const { ledger, open } = ledgers();
    const shared = newOrganizationId();
    await open(shared);
    const { pools, ledger: other } = ownLedger();
    for (let from = 1; from <= 600; from += 50) {
      await ((from - 1) % 100 === 0 ? ledger : other).append(shared, refunds(from, 50));
    }
    await pools.end();
    const head = await ledger.head(shared);
    const [event] = await ledger.readPositions(shared, { from: 300, limit: 1 });
    if (!event) throw new Error('position 300 is missing');
    const claim = { index: 300, leafHash: leaves.leafHash(event, event.commitment), head };
    expect(inclusionHolds(nodes, claim, await ledger.inclusionProof(shared, 300, 600))).toBe(true);
  });
});

async function rootAt(size: number): Promise<Uint8Array> {
  const events = await ledgers().ledger.readPositions(organization, { from: 0, limit: size });
  return appendLeaves(
    nodes,
    emptyTree,
    events.map((event) => leaves.leafHash(event, event.commitment)),
  ).root;
}
