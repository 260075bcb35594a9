import type { CounterKey } from '@countersign/budgets';
import type { OrganizationId, DecisionId } from '@countersign/kernel';
import { settled, type PipelinedTransaction } from '@countersign/postgres';
import type { KnownMoney } from '../application/organization-cache.ts';
import { loadRows, selectByKey, type EnforcementTable } from './enforcement-table.ts';
import { counterTable, holdTable, rateTable } from './money-tables.ts';

export interface MoneyKeys {
  readonly counters: Iterable<CounterKey>;
  readonly rates: Iterable<string>;
  readonly holds: Iterable<DecisionId>;
}

/** Reads, in one round trip, the rows of the given keys that are not known yet. Afterwards all of them are known. */
export async function loadMoney(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
  money: KnownMoney,
  keys: MoneyKeys,
): Promise<void> {
  const wanted = [
    { table: counterTable, missing: unknown(money, counterTable.name, keys.counters) },
    { table: rateTable, missing: unknown(money, rateTable.name, keys.rates) },
    { table: holdTable, missing: unknown(money, holdTable.name, keys.holds) },
  ].filter(({ missing }) => missing.length > 0) as unknown as { table: EnforcementTable; missing: string[] }[];
  if (wanted.length === 0) return;

  const rows = await settled(wanted.map(({ table, missing }) => send(selectByKey(sql, organizationId, table, missing))));
  wanted.forEach(({ table, missing }, index) => {
    loadRows(table, money.state, rows[index] ?? []);
    for (const key of missing) money.known.add(`${table.name} ${key}`);
  });
}

/** Also remembers them as known, for a row that this batch itself creates. */
function unknown<Key extends string>({ known }: KnownMoney, table: string, keys: Iterable<Key>): Key[] {
  return [...new Set(keys)].filter((key) => !known.has(`${table} ${key}`));
}
