import { safeInteger, type Sql } from '@countersign/postgres';

/** The month that runs, and as many after it: a worker may be away for weeks and no payload lands in the wrong place. */
const MONTHS_AHEAD = 2;

/**
 * Prepares the partitions of payloads for this month and the next two, by the database's clock. Idempotent; to be
 * called at the start, before the first event, and daily. A month that has begun without one stays in the default
 * partition.
 */
export async function preparePayloadMonths(sql: Sql): Promise<void> {
  const months = await sql<{ at: bigint }[]>`
    select (extract(epoch from date_trunc('month', now() at time zone 'UTC') + make_interval(months => n)) * 1000)::bigint as at
      from generate_series(0, ${MONTHS_AHEAD}) as ahead (n)`;
  for (const { at } of months) await sql`select ledger.prepare_payload_month(${String(safeInteger(at))}::text::bigint)`;
}
