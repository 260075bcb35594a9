const ours = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public', 'bullmq')`;

/** Hash partitions are structure; of those by range only the default is, the others come and go with the months. */
const lasting = `(not c.relispartition or pg_get_expr(c.relpartbound, c.oid) !~ '^FOR VALUES FROM')`;

/** Each gives rows of one column `text`: one object of our schemas, described in full. `<owner>` stands for its owner. */
export const catalogQueries: readonly string[] = [
  schemas(),
  types(),
  tables(),
  partitions(),
  constraints(),
  indexes(),
  views(),
  functions(),
  triggers(),
  policies(),
  privileges(),
];

function schemas(): string {
  return `select 'schema ' || n.nspname as text from pg_namespace n where ${ours}`;
}

function types(): string {
  return `
    select 'enum ' || format_type(t.oid, null) || ' (' ||
           (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) || ')' as text
      from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e' and ${ours}
    union all
    select 'domain ' || format_type(t.oid, null) || ' as ' || format_type(t.typbasetype, t.typtypmod)
      from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'd' and ${ours}
    union all
    select 'sequence ' || c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and ${ours}`;
}

function tables(): string {
  const column = `
    '  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end
      || coalesce(' ' || case a.attgenerated when '' then 'default ' else 'generated as ' end || pg_get_expr(d.adbin, d.adrelid), '')`;
  return `
    select 'table ' || c.oid::regclass || E' (\\n' ||
           (select string_agg(${column}, E',\\n' order by a.attname)
              from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) || E'\\n)'
           || coalesce(E'\\n  partition by ' || pg_get_partkeydef(c.oid), '')
           || coalesce(E'\\n  with (' || (select string_agg(o, ', ' order by o) from unnest(c.reloptions) o) || ')', '')
           || case when c.relrowsecurity then E'\\n  row level security' else '' end
           || case when c.relforcerowsecurity then ', forced' else '' end
           || case when c.relpersistence = 'u' then E'\\n  unlogged' else '' end as text
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${ours}`;
}

function partitions(): string {
  return `
    select 'partition ' || c.oid::regclass || ' of ' || i.inhparent::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid) as text
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
     where c.relispartition and c.relkind in ('r', 'p') and ${lasting} and ${ours}`;
}

/** Not null stands with the columns; newer servers list it as a constraint too. */
function constraints(): string {
  return `
    select 'constraint ' || quote_ident(k.conname) || ' on ' || k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid) as text
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype not in ('n', 't') and not c.relispartition and ${ours}`;
}

function indexes(): string {
  return `
    select pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (invalid)' end as text
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where not c.relispartition and ${ours}
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`;
}

function views(): string {
  return `
    select 'view ' || c.oid::regclass || E' as\\n' || pg_get_viewdef(c.oid) as text
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${ours}`;
}

function functions(): string {
  return `
    select pg_get_functiondef(p.oid) as text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prokind in ('f', 'p') and ${ours}`;
}

function triggers(): string {
  return `
    select pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ' (enabled: ' || t.tgenabled::text || ')' end as text
      from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where not t.tgisinternal and t.tgparentid = 0 and ${lasting} and ${ours}`;
}

function policies(): string {
  const roles = `
    select string_agg(case when r.oid is null then 'public' when r.oid = c.relowner then '<owner>' else r.rolname end, ', '
                      order by r.rolname) from unnest(p.polroles) x(oid) left join pg_roles r on r.oid = x.oid`;
  return `
    select 'policy ' || quote_ident(p.polname) || ' on ' || c.oid::regclass || ' for '
           || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
           || case when p.polpermissive then '' else ' restrictive' end || ' to ' || (${roles})
           || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
           || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') as text
      from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${ours}`;
}

/** What everybody else than the owner may do. A function without a list of its own may be called by anyone. */
function privileges(): string {
  const granted = (what: string, acl: string, owner: string): string => `
    'on ' || ${what} || ' may ' || coalesce((
      select string_agg(grantee || ' ' || rights, '; ' order by grantee) from (
        select coalesce(r.rolname, 'public') as grantee,
               string_agg(lower(x.privilege_type) || case when x.is_grantable then '*' else '' end, ', ' order by x.privilege_type) as rights
          from aclexplode(${acl}) x left join pg_roles r on r.oid = x.grantee where x.grantee <> ${owner} group by 1
      ) g), 'nobody anything')`;
  return `
    select ${granted(`'schema ' || n.nspname`, `coalesce(n.nspacl, acldefault('n', n.nspowner))`, 'n.nspowner')} as text
      from pg_namespace n where ${ours}
    union all
    select ${granted('c.oid::regclass', `coalesce(c.relacl, acldefault('r', c.relowner))`, 'c.relowner')}
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm') and ${lasting} and ${ours}
    union all
    select ${granted('p.oid::regprocedure', `coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')}
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours}`;
}
