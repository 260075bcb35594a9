import type { Sql } from './connection.ts';

/** The database would not keep the promises: the role may do too much, or the server may forget what it confirmed. */
export class UnsafeDatabase extends Error {
  readonly code = 'postgres.unsafe';
  override readonly name = 'UnsafeDatabase';
}

interface Standing {
  readonly role: string;
  readonly isPowerful: boolean;
  readonly managesRoles: boolean;
  readonly owned: string[];
  readonly predefined: string[];
  readonly fsync: string;
  readonly fullPageWrites: string;
}

/**
 * Refuses to serve through a role that could rewrite the ledger or step over row-level security, or on a server that
 * acknowledges what it has not written. A role that may become another counts as that other.
 *
 * @throws UnsafeDatabase naming every problem and what would be right
 */
export async function assertAppRole(sql: Sql): Promise<void> {
  const standing = await standingOf(sql);
  const problems = problemsOf(standing);
  if (problems.length === 0) return;
  throw new UnsafeDatabase(['DATABASE_URL cannot be served from', ...problems.map((line) => `  ${line}`)].join('\n'));
}

async function standingOf(sql: Sql): Promise<Standing> {
  const [row] = await sql<Standing[]>`
    with me as (select current_user::name as role)
    select me.role,
           exists (select from pg_roles r where (r.rolsuper or r.rolbypassrls)
                    and pg_has_role(me.role, r.oid, 'member')) as "isPowerful",
           (select r.rolcreaterole or r.rolreplication from pg_roles r where r.rolname = me.role) as "managesRoles",
           to_jsonb(array(select 'database ' || d.datname from pg_database d
                  where d.datname = current_database() and pg_has_role(me.role, d.datdba, 'member')
                 union all
                 select 'schema ' || n.nspname from pg_namespace n
                  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public', 'bullmq')
                    and pg_has_role(me.role, n.nspowner, 'member')
                 union all
                 select 'table ' || c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'bullmq')
                    and pg_has_role(me.role, c.relowner, 'member')
                 order by 1 limit 5)) as owned,
           to_jsonb(array(select r.rolname::text from pg_roles r
                  where r.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_execute_server_program',
                                      'pg_read_server_files', 'pg_write_server_files')
                    and pg_has_role(me.role, r.oid, 'member'))) as predefined,
           current_setting('fsync') as fsync,
           current_setting('full_page_writes') as "fullPageWrites"
      from me`;
  if (row === undefined) throw new UnsafeDatabase('the database did not say who we are');
  return row;
}

function problemsOf(standing: Standing): string[] {
  const tooMuch = powersOf(standing);
  if (tooMuch.length > 0) tooMuch.push('use the role countersign_app, which `countersign migrate` creates');
  return [...tooMuch, ...forgetfulness(standing)];
}

function powersOf({ role, isPowerful, managesRoles, owned, predefined }: Standing): string[] {
  const problems: string[] = [];
  if (managesRoles) problems.push(`role ${role} has CREATEROLE or REPLICATION`);
  // Whoever may become a superuser may become every owner: saying so once is enough.
  if (isPowerful) return [`role ${role} is, or may become, a superuser or a role with BYPASSRLS`, ...problems];
  if (owned.length > 0) problems.push(`role ${role} owns ${owned.join(', ')}`);
  if (predefined.length > 0) problems.push(`role ${role} is a member of ${predefined.join(', ')}`);
  return problems;
}

function forgetfulness({ fsync, fullPageWrites }: Standing): string[] {
  const problems: string[] = [];
  if (fsync !== 'on') problems.push('the server runs with fsync off; set it on');
  if (fullPageWrites !== 'on') problems.push('the server runs with full_page_writes off; set it on');
  return problems;
}
