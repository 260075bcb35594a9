import type { EventContent, RecordedEvent, Tile, TreeNode } from '@countersign/ledger';
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
  const { ids, streams, versions, types, schemas, kinds, actors, methods, credentials } = columnsOf(events);
  const [first] = events;
  return sql`
    insert into ledger.events (organization_id, position, id, stream, stream_version, type, schema_version,
                               actor_kind, actor_id, actor_method, actor_credential, recorded_at, commitment)
    select ${organizationId}::text::uuid, ${String(first?.position ?? 0)}::text::bigint + ordinal - 1, id, stream,
           stream_version, type, schema_version, actor_kind, actor_id, actor_method, actor_credential,
           ${String(recordedAt)}::text::bigint,
           substring(${joined(events.map(({ commitment }) => commitment))}::bytea from 32 * ordinal::int - 31 for 32)
      from unnest(${plainArray(ids)}::text::uuid[], ${textArray(streams)}::text::text[],
                  ${plainArray(versions)}::text::int[], ${plainArray(types)}::text::text[],
                  ${plainArray(schemas)}::text::smallint[], ${plainArray(kinds)}::text::text[],
                  ${textArray(actors)}::text::text[], ${plainArray(methods)}::text::text[],
                  ${textArray(credentials)}::text::text[])
        with ordinality
        as added (id, stream, stream_version, type, schema_version,
                  actor_kind, actor_id, actor_method, actor_credential, ordinal)`;
}

/** In one pass: this runs for every event there is. */
function columnsOf(events: readonly RecordedEvent[]) {
  const ids: string[] = [];
  const streams: string[] = [];
  const versions: number[] = [];
  const types: string[] = [];
  const schemas: number[] = [];
  const kinds: string[] = [];
  const actors: string[] = [];
  const methods: string[] = [];
  const credentials: string[] = [];
  for (const { id, stream, streamVersion, type, schemaVersion, actor } of events) {
    ids.push(id);
    streams.push(stream);
    versions.push(streamVersion);
    types.push(type);
    schemas.push(schemaVersion);
    kinds.push(actor.kind);
    actors.push(actor.id);
    methods.push(actor.method);
    credentials.push(actor.credential);
  }
  return { ids, streams, versions, types, schemas, kinds, actors, methods, credentials };
}

/** Salts and commitments are 32 bytes each: end to end they need no array, and the database cuts them by length. */
function joined(values: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(32 * values.length);
  values.forEach((value, index) => bytes.set(value, 32 * index));
  return bytes;
}

export function insertPayloads(sql: Sql, { organizationId, recordedAt, events }: Batch) {
  const contents = events.map(({ content }) => content as EventContent);
  const payloads = jsonArray(contents.map(({ payload }) => payload));
  return sql`
    insert into ledger.payloads (organization_id, position, recorded_at, salt, payload)
    select ${organizationId}::text::uuid, ${String(events[0]?.position ?? 0)}::text::bigint + ordinal - 1,
           ${String(recordedAt)}::text::bigint,
           substring(${joined(contents.map(({ salt }) => salt))}::bytea from 32 * ordinal::int - 31 for 32), payload
      from unnest(string_to_array(${payloads}::text, E'\\x01')) with ordinality as added (payload, ordinal)`;
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
