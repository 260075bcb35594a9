import type { EnforcementState } from '@countersign/decisions';
import type { TrackedMap } from '@countersign/kernel';
import { jsonArray, plainArray, textArray, type PipelinedTransaction, type Sql } from '@countersign/postgres';

/** A row as the driver hands it over; every column of enforcement is text, an integer or a bigint. */
export type Row = Readonly<Record<string, string | number | bigint | null>>;

/** How the entries of one map of the state are kept as rows of one table of `enforcement`. */
export interface EnforcementTable<Key extends string = string, Value = unknown> {
  readonly name: string;
  readonly map: (state: EnforcementState) => TrackedMap<Key, Value>;
  /** Primary key within the organization: column and its type. */
  readonly key: Readonly<Record<string, string>>;
  /** `json` is JSON text in a column of type text. */
  readonly columns: Readonly<Record<string, string>>;
  /** Texts in the order of `key`; Postgres casts them. */
  keyTexts(key: Key): readonly string[];
  /** Texts in the order of `columns`. */
  valueTexts(value: Value): readonly string[];
  fromRow(row: Row): readonly [Key, Value];
}

/** Statements are assembled once from these constants; values only ever travel as parameters. */
interface Statements {
  readonly upsert: string;
  readonly remove: string;
  readonly select: string;
  readonly selectByKey: string;
}

const assembled = new WeakMap<EnforcementTable<never, never>, Statements>();

function statementsOf(table: EnforcementTable<never, never>): Statements {
  const known = assembled.get(table) ?? assemble(table);
  assembled.set(table, known);
  return known;
}

function assemble({ name, key, columns }: EnforcementTable<never, never>): Statements {
  const all = { ...key, ...columns };
  const names = Object.keys(all).join(', ');
  const keys = Object.keys(key).join(', ');
  const arrays = (of: Readonly<Record<string, string>>) =>
    Object.values(of)
      .map((type, index) => arrayOf(type, `$${index + 2}::text`))
      .join(', ');
  const update = Object.keys(columns).map((column) => `${column} = excluded.${column}`);
  const onConflict = update.length === 0 ? 'do nothing' : `do update set ${update.join(', ')}`;
  return {
    upsert: `insert into enforcement.${name} (organization_id, ${names}) select $1::text::uuid, ${names}
               from unnest(${arrays(all)}) as added (${names}) on conflict (organization_id, ${keys}) ${onConflict}`,
    remove: `delete from enforcement.${name} where organization_id = $1::text::uuid
                and (${keys}) in (select ${keys} from unnest(${arrays(key)}) as gone (${keys}))`,
    select: `select ${names} from enforcement.${name} where organization_id = $1::text::uuid`,
    selectByKey: `select ${names} from enforcement.${name} where organization_id = $1::text::uuid
                     and (${keys}) in (select ${keys} from unnest(${arrays(key)}) as wanted (${keys}))`,
  };
}

const arrayOf = (type: string, text: string) =>
  type === 'json' ? `string_to_array(${text}, E'\\x01')` : `${text}::${type}[]`;

const prepared = (sql: Sql, text: string, parameters: readonly string[]) =>
  sql.unsafe<Row[]>(text, [...parameters], { prepare: true });

/** One array literal a column, as its type wants it. */
function columnsOf(rows: readonly (readonly string[])[], types: readonly string[]): string[] {
  return types.map((type, column) => {
    const values = rows.map((row) => row[column] ?? '');
    if (type === 'json') return jsonArray(values);
    return type === 'text' ? textArray(values) : plainArray(values);
  });
}

/** Sends what changed in one table since its map was last asked: at most two statements. */
export function writeTouched<Key extends string, Value>(
  { sql, send }: PipelinedTransaction,
  organizationId: string,
  table: EnforcementTable<Key, Value>,
  state: EnforcementState,
): Promise<unknown>[] {
  const map = table.map(state);
  const touched = map.takeTouched();
  if (touched.length === 0) return [];

  const { upsert, remove } = statementsOf(table as never);
  const keyTypes = Object.values(table.key);
  const gone = touched.filter((key) => !map.has(key)).map((key) => table.keyTexts(key));
  const kept = touched.flatMap((key) => {
    const value = map.get(key);
    return value === undefined ? [] : [[...table.keyTexts(key), ...table.valueTexts(value)]];
  });
  const types = [...keyTypes, ...Object.values(table.columns)];
  return [
    ...(kept.length > 0 ? [send(prepared(sql, upsert, [organizationId, ...columnsOf(kept, types)]))] : []),
    ...(gone.length > 0 ? [send(prepared(sql, remove, [organizationId, ...columnsOf(gone, keyTypes)]))] : []),
  ];
}

/** Every row of one organization. */
export function selectAll<Key extends string, Value>(
  sql: Sql,
  organizationId: string,
  table: EnforcementTable<Key, Value>,
) {
  return prepared(sql, statementsOf(table as never).select, [organizationId]);
}

/** The rows of the keys given that exist. */
export function selectByKey<Key extends string, Value>(
  sql: Sql,
  organizationId: string,
  table: EnforcementTable<Key, Value>,
  keys: readonly Key[],
) {
  const texts = keys.map((key) => table.keyTexts(key));
  const columns = columnsOf(texts, Object.values(table.key));
  return prepared(sql, statementsOf(table as never).selectByKey, [organizationId, ...columns]);
}

/** Puts rows that were read into the state: known, not changed. */
export function loadRows<Key extends string, Value>(
  table: EnforcementTable<Key, Value>,
  state: EnforcementState,
  rows: Iterable<Row>,
): void {
  const map = table.map(state);
  for (const row of rows) map.load(...table.fromRow(row));
}
