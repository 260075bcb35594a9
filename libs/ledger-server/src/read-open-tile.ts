import type { PipelinedTransaction } from '@countersign/postgres';
import { TILE_LEAVES, type LeafHasher } from '@countersign/ledger';
import { toRecorded, type EventRow } from './event-rows.ts';
import type { LockedHead } from './locked-head.ts';

/** Hashes the leaves since the last tile boundary anew: at most 255 rows, once a tile, and only after another replica. */
export async function readOpenTile(
  { sql, send }: PipelinedTransaction,
  { organizationId, size }: LockedHead,
  hasher: LeafHasher,
): Promise<readonly Uint8Array[]> {
  const first = size - (size % TILE_LEAVES);
  const rows = await send(sql<EventRow[]>`
    select e.*, null as salt, null as payload from ledger.events e
     where organization_id = ${organizationId}::text::uuid and position >= ${String(first)}::text::bigint
     order by position`);
  return rows.map(toRecorded).map((event) => hasher.leafHash(event, event.commitment));
}
