import type { Sql, Transaction } from '@countersign/postgres';
import type { EventRow } from './event-rows.ts';

/** Positions [from, to). */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

/** Events with their contents, oldest first; erased ones come without. */
export function selectPositions(sql: Sql | Transaction, organizationId: string, { from, to }: PositionRange) {
  return sql<EventRow[]>`
    select e.*, p.salt, p.payload
      from ledger.events e
      left join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organizationId}::text::uuid
       and e.position >= ${String(from)}::text::bigint and e.position < ${String(to)}::text::bigint
     order by e.position`;
}

/** The events of one stream above a version, oldest first. */
export function selectStream(sql: Sql | Transaction, organizationId: string, stream: string, after = 0) {
  return sql<EventRow[]>`
    select e.*, p.salt, p.payload
      from ledger.events e
      left join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organizationId}::text::uuid
       and e.stream = ${stream}::text and e.stream_version > ${String(after)}::text::int
     order by e.stream_version`;
}

/** Headers and commitments alone: what leaf hashes are made of. */
export function selectHeaders(sql: Sql | Transaction, organizationId: string, { from, to }: PositionRange) {
  return sql<EventRow[]>`
    select e.*, null as salt, null as payload
      from ledger.events e
     where e.organization_id = ${organizationId}::text::uuid
       and e.position >= ${String(from)}::text::bigint and e.position < ${String(to)}::text::bigint
     order by e.position`;
}

export function selectHead(sql: Sql | Transaction, organizationId: string) {
  return sql<{ size: bigint; root: Uint8Array }[]>`
    select size, root from ledger.heads where organization_id = ${organizationId}::text::uuid`;
}
