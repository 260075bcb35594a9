import { TILE_LEAVES, type LeafHasher, type Needs, type NodeSource } from '@countersign/ledger';
import { plainArray, safeInteger, type Sql, type Transaction } from '@countersign/postgres';
import { plainBytes, toRecorded } from './event-rows.ts';
import { selectHeaders } from './event-statements.ts';

/**
 * Loads what a proof was planned with: one row a node, one a full tile. The tile that is still filling is not stored,
 * so its leaves, 255 at most, are hashed anew from their events.
 */
export async function loadNodes(
  sql: Sql | Transaction,
  organizationId: string,
  needs: Needs,
  hasher: LeafHasher,
): Promise<NodeSource> {
  const [nodes, tiles] = await Promise.all([
    needs.nodes.length > 0 ? selectNodes(sql, organizationId, needs) : [],
    needs.tiles.length > 0 ? selectTiles(sql, organizationId, needs) : [],
  ]);
  const hashes = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, plainBytes(hash)]));
  const leaves = new Map(tiles.map((row) => [safeInteger(row.tile), plainBytes(row.leaves)]));
  for (const tile of needs.tiles)
    if (!leaves.has(tile)) leaves.set(tile, await openTile(sql, organizationId, tile, hasher));

  return {
    node: (level, index) => present(hashes.get(`${level}/${index}`), `node ${level}/${index}`),
    tile: (index) => present(leaves.get(index), `tile ${index}`),
  };
}

/** By the primary key, a row at a time, whatever the planner believes of the tables' sizes: proofs read few rows of many. */
function selectNodes(sql: Sql | Transaction, organizationId: string, { nodes }: Needs) {
  return sql<{ level: number; index: bigint; hash: Uint8Array }[]>`
    select wanted.level, wanted.index, found.hash
      from unnest(${plainArray(nodes.map(({ level }) => level))}::text::smallint[],
                  ${plainArray(nodes.map(({ index }) => index))}::text::bigint[]) as wanted (level, index),
           lateral (select n.hash from ledger.nodes n
                     where n.organization_id = ${organizationId}::text::uuid
                       and n.level = wanted.level and n.index = wanted.index
                     order by n.level, n.index limit 1) as found`;
}

function selectTiles(sql: Sql | Transaction, organizationId: string, { tiles }: Needs) {
  return sql<{ tile: bigint; leaves: Uint8Array }[]>`
    select wanted.tile, found.leaves
      from unnest(${plainArray(tiles)}::text::bigint[]) as wanted (tile),
           lateral (select t.leaves from ledger.tiles t
                     where t.organization_id = ${organizationId}::text::uuid and t.tile = wanted.tile
                     order by t.tile limit 1) as found`;
}

async function openTile(sql: Sql | Transaction, organizationId: string, tile: number, hasher: LeafHasher) {
  const from = tile * TILE_LEAVES;
  const rows = await selectHeaders(sql, organizationId, { from, to: from + TILE_LEAVES });
  return Uint8Array.from(Buffer.concat(rows.map(toRecorded).map((event) => hasher.leafHash(event, event.commitment))));
}

function present(bytes: Uint8Array | undefined, what: string): Uint8Array {
  if (!bytes) throw new Error(`${what} of the ledger's tree is missing`);
  return bytes;
}
