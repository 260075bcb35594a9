import type { Sql } from '@countersign/postgres';

/**
 * Makes the role that serves, `countersign_app`, before the migrations that grant it things. Roles belong to the whole
 * server, so a migration of another database may be making it at the same moment; whoever comes second finds it done.
 *
 * It may log in and nothing else: no superuser, no BYPASSRLS, no roles, no databases, owner of nothing.
 */
export async function ensureAppRole(sql: Sql, password: string | undefined): Promise<void> {
  const [role] = await sql`select from pg_roles where rolname = 'countersign_app'`;
  if (!role) await unlessDoneMeanwhile(sql.unsafe(`create role countersign_app ${nothingElse} ${login(password)}`));
  else if (password !== undefined) {
    await unlessDoneMeanwhile(sql.unsafe(`alter role countersign_app ${login(password)}`));
  }
}

const nothingElse = 'nosuperuser nobypassrls nocreaterole nocreatedb noreplication inherit';

function login(password: string | undefined): string {
  return password === undefined ? 'nologin' : `login password ${quoted(password)}`;
}

/** Utility statements take no parameters. Standard-conforming strings know one special character, the quote. */
function quoted(text: string): string {
  if (text.includes('\0')) throw new Error('a password of the app role cannot hold U+0000');
  return `'${text.replaceAll("'", "''")}'`;
}

/** 42710 duplicate_object, 23505 unique_violation, XX000 "tuple concurrently updated": the other one's statement stands. */
async function unlessDoneMeanwhile(statement: Promise<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    if (!['42710', '23505', 'XX000'].includes((error as { code?: string }).code ?? '')) throw error;
  }
}
