import type { Sql } from '@countersign/postgres';

/** Deleted by one statement, so that a sweep after a long pause keeps nobody waiting. */
const AT_ONCE = 1_000;

/**
 * Deletes sessions that are over: nobody signs in by them, and kept they would tell for ever from where people worked.
 * Resolves to how many there were.
 */
export async function deleteExpiredSessions(sql: Sql): Promise<number> {
  for (let deleted = 0; ;) {
    const { count } = await sql`
      delete from identity.sessions where id in (
        select id from identity.sessions where expires_at < now() limit ${AT_ONCE} for update skip locked)`;
    deleted += count;
    if (count < AT_ONCE) return deleted;
  }
}
