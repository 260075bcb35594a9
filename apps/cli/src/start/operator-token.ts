import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { connectPostgres, type Sql } from '@countersign/postgres';

const LABEL = 'countersign start';

/**
 * Gives the token the operator's commands use: the known one while the database accepts it, else a new one, which
 * replaces whatever token a start made before. It is written straight into the database, for nobody could ask for one
 * yet; the database keeps its SHA-256 only (I13).
 */
export async function ensureOperatorToken(adminUrl: string, known: string | undefined): Promise<string> {
  const sql = connectPostgres(adminUrl, {
    connections: 1,
    applicationName: 'countersign start',
    limits: { lockTimeoutMs: 5_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 },
  });
  try {
    if (known !== undefined && (await isAccepted(sql, known))) return known;
    return await issue(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function isAccepted(sql: Sql, token: string): Promise<boolean> {
  const rows = await sql`select from identity.operator_tokens where hash = ${hashOf(token)} and revoked_at is null`;
  return rows.length > 0;
}

async function issue(sql: Sql): Promise<string> {
  const token = `cso_${randomBytes(32).toString('base64url')}`;
  await sql.begin(async (transaction) => {
    await transaction`update identity.operator_tokens set revoked_at = now() where label = ${LABEL} and revoked_at is null`;
    await transaction`insert into identity.operator_tokens (id, hash, label) values (${randomUUID()}, ${hashOf(token)}, ${LABEL})`;
  });
  return token;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
