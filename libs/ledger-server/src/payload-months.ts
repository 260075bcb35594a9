import { safeInteger, type Sql } from '@countersign/postgres';

/** The month that runs, and as many after it: a worker may be away for weeks and no payload lands in the wrong place. */
const MONTHS_AHEAD = 2;

/** A new month waits for the appends under way; should one of them take long, the next attempt finds it gone. */
const ATTEMPTS_MAX = 5;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Prepares the partitions of payloads for this month and the next two, by the database's clock. Idempotent, and quick
 * when there is nothing to do. To be called at the start, before the first event, and daily: a month that has begun
 * without a partition stays in the default one, and a large default makes every later month slow to prepare.
 */
export async function preparePayloadMonths(sql: Sql): Promise<void> {
  const months = await sql<{ at: bigint }[]>`
    select (extract(epoch from date_trunc('month', now() at time zone 'UTC') + make_interval(months => n)) * 1000)::bigint as at
      from generate_series(0, ${MONTHS_AHEAD}) as ahead (n)`;
  for (const { at } of months) await prepareMonth(sql, safeInteger(at));
}

async function prepareMonth(sql: Sql, at: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql`select ledger.prepare_payload_month(${String(at)}::text::bigint)`;
      return;
    } catch (error) {
      if (!isLocked(error) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

const isLocked = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
