import type { AnyEvent } from '@countersign/decisions';
import { instant, type Instant, type OrganizationId } from '@countersign/kernel';
import { safeInteger, textArray, type Queryable } from '@countersign/postgres';

/** What the past of a budget is made of, what of it still runs, and what was added to counters before. */
const types = [
  'ActionDecided',
  'TakeDecided',
  'OutcomeReported',
  'ExtensionDecided',
  'HoldExpired',
  'HoldCorrected',
  'HoldWidened',
  'BudgetOpened',
];

/** Positions [from, to). */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

export interface PastRow {
  readonly position: bigint;
  readonly type: string;
  readonly recorded_at: bigint;
  readonly payload: string;
}

/** The events of a range that say what actions came to, in order; those whose payload was erased are missing. */
export function selectPast(sql: Queryable, organizationId: OrganizationId, { from, to }: PositionRange) {
  return sql<PastRow[]>`
    select e.position, e.type, e.recorded_at, p.payload
      from ledger.events e
      join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organizationId}::text::uuid
       and e.position >= ${String(from)}::text::bigint and e.position < ${String(to)}::text::bigint
       and e.type = any (${textArray(types)}::text::text[])
     order by e.position`;
}

/** The same of whole streams, up to a position. */
export function selectPastOf(sql: Queryable, organizationId: OrganizationId, streams: readonly string[], to: number) {
  return sql<PastRow[]>`
    select e.position, e.type, e.recorded_at, p.payload
      from ledger.events e
      join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organizationId}::text::uuid
       and e.stream = any (${textArray(streams)}::text::text[]) and e.position < ${String(to)}::text::bigint
     order by e.position`;
}

export function eventOf({ type, payload, recorded_at, position }: PastRow): readonly [AnyEvent, Instant, number] {
  const event = { type, data: JSON.parse(payload) } as AnyEvent;
  return [event, instant(safeInteger(recorded_at)), safeInteger(position)];
}

/** How long the ledger is, and when its last event was recorded; both only ever grow. */
export async function readHead(sql: Queryable, organizationId: OrganizationId): Promise<{ size: number; at: Instant }> {
  const [row] = await sql<{ size: bigint; at: bigint }[]>`
    select size, recorded_at as at from ledger.heads where organization_id = ${organizationId}::text::uuid`;
  return { size: safeInteger(row?.size ?? 0n), at: instant(safeInteger(row?.at ?? 0n)) };
}

/** The first position recorded at `start` or later, and `size` when there is none: positions are in order of time. */
export async function findPosition(
  sql: Queryable,
  organizationId: OrganizationId,
  start: Instant,
  size: number,
): Promise<number> {
  let [low, high] = start === 0 ? [0, 0] : [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await sql<{ at: bigint }[]>`
      select recorded_at as at from ledger.events
       where organization_id = ${organizationId}::text::uuid and position = ${String(middle)}::text::bigint`;
    if (row !== undefined && safeInteger(row.at) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
