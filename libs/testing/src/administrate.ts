import { connectPostgres } from '@countersign/postgres';

/** Runs one statement that no transaction may hold, such as CREATE DATABASE, on a connection of its own. */
export async function administrate(adminUrl: string, statement: string): Promise<void> {
  const sql = connectPostgres(adminUrl, {
    connections: 1,
    applicationName: 'countersign tests',
    limits: { lockTimeoutMs: 30_000, statementTimeoutMs: 60_000, idleInTransactionTimeoutMs: 5_000 },
  });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
