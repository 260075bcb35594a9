import type { RecordedEvent, Tile, TreeNode } from '@countersign/ledger';
import { byteaArray, jsonArray, plainArray, textArray, type Sql } from '@countersign/postgres';

/** Says which request was decided at a position, see `ledger.request_keys`. */
export interface RequestKey {
  /** 128 bits, written as a UUID. */
  readonly key: string;
  readonly position: number;
}

/** What every row of one append shares. */
export interface Batch {
  readonly organizationId: string;
  readonly recordedAt: number;
  readonly events: readonly RecordedEvent[];
}

/** Headers and commitments, one statement for the whole batch: the gap check runs once, not once a row. */
export function insertEvents(sql: Sql, { organizationId, recordedAt, events }: Batch) {
  const column = <Value>(read: (event: RecordedEvent) => Value) => events.map(read);
  return sql`
    insert into ledger.events (organization_id, position, id, stream, stream_version, type, schema_version,
                               actor_kind, actor_id, actor_method, actor_credential, recorded_at, commitment)
    select ${organizationId}::text::uuid, position, id, stream, stream_version, type, schema_version,
           actor_kind, actor_id, actor_method, actor_credential, ${String(recordedAt)}::text::bigint, commitment
      from unnest(${plainArray(column((event) => event.position))}::text::bigint[],
                  ${plainArray(column((event) => event.id))}::text::uuid[],
                  ${textArray(column((event) => event.stream))}::text::text[],
                  ${plainArray(column((event) => event.streamVersion))}::text::int[],
                  ${plainArray(column((event) => event.type))}::text::text[],
                  ${plainArray(column((event) => event.schemaVersion))}::text::smallint[],
                  ${plainArray(column((event) => event.actor.kind))}::text::text[],
                  ${textArray(column((event) => event.actor.id))}::text::text[],
                  ${plainArray(column((event) => event.actor.method))}::text::text[],
                  ${textArray(column((event) => event.actor.credential))}::text::text[],
                  ${byteaArray(column((event) => event.commitment))}::text::bytea[])
        as added (position, id, stream, stream_version, type, schema_version,
                  actor_kind, actor_id, actor_method, actor_credential, commitment)`;
}

const NO_BYTES = new Uint8Array(0);

export function insertPayloads(sql: Sql, { organizationId, recordedAt, events }: Batch) {
  const positions = plainArray(events.map(({ position }) => position));
  const salts = byteaArray(events.map(({ content }) => content?.salt ?? NO_BYTES));
  const payloads = jsonArray(events.map(({ content }) => content?.payload ?? ''));
  return sql`
    insert into ledger.payloads (organization_id, position, recorded_at, salt, payload)
    select ${organizationId}::text::uuid, position, ${String(recordedAt)}::text::bigint, salt, payload
      from unnest(${positions}::text::bigint[], ${salts}::text::bytea[], string_to_array(${payloads}::text, E'\\x01'))
        as added (position, salt, payload)`;
}

export function insertRequestKeys(sql: Sql, organizationId: string, keys: readonly RequestKey[]) {
  return sql`
    insert into ledger.request_keys (organization_id, key, position)
    select ${organizationId}::text::uuid, key, position
      from unnest(${plainArray(keys.map(({ key }) => key))}::text::uuid[],
                  ${plainArray(keys.map(({ position }) => position))}::text::bigint[]) as added (key, position)`;
}

export function insertTiles(sql: Sql, organizationId: string, tiles: readonly Tile[]) {
  return sql`
    insert into ledger.tiles (organization_id, tile, leaves)
    select ${organizationId}::text::uuid, tile, leaves
      from unnest(${plainArray(tiles.map(({ index }) => index))}::text::bigint[],
                  ${byteaArray(tiles.map(({ leafHashes }) => leafHashes))}::text::bytea[]) as added (tile, leaves)`;
}

export function insertNodes(sql: Sql, organizationId: string, nodes: readonly TreeNode[]) {
  return sql`
    insert into ledger.nodes (organization_id, level, index, hash)
    select ${organizationId}::text::uuid, level, index, hash
      from unnest(${plainArray(nodes.map(({ level }) => level))}::text::smallint[],
                  ${plainArray(nodes.map(({ index }) => index))}::text::bigint[],
                  ${byteaArray(nodes.map(({ hash }) => hash))}::text::bytea[]) as added (level, index, hash)`;
}

/** The head after an append, or for an organization's first append, the head itself. */
export interface MovedHead {
  readonly organizationId: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly frontier: Uint8Array;
  readonly recordedAt: number;
  readonly epoch: number;
}

export function updateHead(sql: Sql, { organizationId, size, root, frontier, recordedAt, epoch }: MovedHead) {
  return sql`
    update ledger.heads
       set size = ${String(size)}::text::bigint, root = ${root}::bytea, frontier = ${frontier}::bytea,
           recorded_at = ${String(recordedAt)}::text::bigint, epoch = ${String(epoch)}::text::bigint
     where organization_id = ${organizationId}::text::uuid`;
}
