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
import { createPools, type Sql } from '@countersign/postgres';
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

/** How many rows of the ledger's tables a piece of work reads, as the server itself counts them. */
async function rowsRead(work: (ledger: PostgresLedger) => Promise<unknown>): Promise<number> {
  const { pools, ledger } = ownLedger();
  // Parsing a statement reads catalogs, and the first plan of one may look at an index's end.
  await work(ledger);
  const before = await rowsCounted(pools.reads);
  await work(ledger);
  const after = await rowsCounted(pools.reads);
  await pools.end();
  return Number(after - before);
}

async function rowsCounted(session: Sql): Promise<bigint> {
  await session`select pg_stat_force_next_flush()`;
  const [row] = await session<{ n: bigint }[]>`
    select coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint as n from pg_stat_user_tables where schemaname = 'ledger'`;
  return row?.n ?? 0n;
}

describe('a proof', () => {
  // First in this file: rows that other connections read would be counted as well.
  it('reads few stored rows, and at most the open tile’s 255 headers', async () => {
    // One row for the head; then the plan's own.
    const { needs } = planInclusion(17, 4_864);
    // The server writes its counts down when it gets to it; a count that came late is taken again.
    await vi.waitFor(
      async () =>
        expect(await rowsRead((ledger) => ledger.inclusionProof(organization, 17, 4_864))).toBe(
          1 + needs.nodes.length + needs.tiles.length,
        ),
      { timeout: 20_000 },
    );
    const open = planInclusion(17, SIZE).needs;
    const stored = open.nodes.length + open.tiles.length - 1;
    await vi.waitFor(
      async () =>
        expect(await rowsRead((ledger) => ledger.inclusionProof(organization, 17, SIZE))).toBe(
          1 + stored + (SIZE % 256),
        ),
      { timeout: 20_000 },
    );
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
