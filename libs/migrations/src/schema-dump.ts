import { connectPostgres, type Sql } from '@countersign/postgres';
import { catalogQueries } from './catalog-queries.ts';

/**
 * The whole structure of our schemas as text, one object a paragraph, the same for equal structures whoever owns them
 * and in whatever order they were made. It is for comparing, not for restoring: `pg_dump` is not part of the embedded
 * server, and prints in an order and a syntax that its versions change.
 *
 * Left out: `public` (Prisma's own table), `bullmq` (the queue's own), and the partitions by month, which come and go.
 */
export async function dumpSchemas(adminUrl: string): Promise<string> {
  const sql = connectPostgres(adminUrl, {
    connections: 1,
    applicationName: 'countersign schema',
    limits: { lockTimeoutMs: 5_000, statementTimeoutMs: 30_000, idleInTransactionTimeoutMs: 30_000 },
  });
  try {
    return await dump(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function dump(sql: Sql): Promise<string> {
  // With nothing on the path the catalog's functions print every name in full.
  await sql`select set_config('search_path', '', false)`;
  const paragraphs: string[] = [];
  for (const query of catalogQueries) {
    const rows = await sql.unsafe<{ text: string }[]>(query);
    paragraphs.push(...rows.map(({ text }) => text.replaceAll(/\n{2,}/g, '\n').trim()).sort());
  }
  return `${paragraphs.join('\n\n')}\n`;
}
