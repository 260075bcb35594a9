import type { CounterKey } from '@countersign/budgets';
import type { DecisionId, OrganizationId, PartialMap } from '@countersign/kernel';
import { settled, type PipelinedTransaction } from '@countersign/postgres';
import type { PartialEnforcement } from '@countersign/decisions';
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
  state: PartialEnforcement,
  keys: MoneyKeys,
): Promise<void> {
  const wanted = [
    { table: counterTable, missing: unknown(state.counters, keys.counters) },
    { table: rateTable, missing: unknown(state.rates, keys.rates) },
    { table: holdTable, missing: unknown(state.holds, keys.holds) },
  ].filter(({ missing }) => missing.length > 0) as unknown as { table: EnforcementTable; missing: string[] }[];
  if (wanted.length === 0) return;

  const rows = await settled(
    wanted.map(({ table, missing }) => send(selectByKey(sql, organizationId, table, missing))),
  );
  wanted.forEach(({ table, missing }, index) => {
    loadRows(table, state, rows[index] ?? []);
    (table.map(state) as PartialMap<string, unknown>).know(missing);
  });
}

/** Most rows are remembered, so usually there is nothing to collect. */
function unknown<Key extends string>(map: PartialMap<Key, unknown>, keys: Iterable<Key>): Key[] {
  const missing = new Set<Key>();
  for (const key of keys) if (!map.isKnown(key)) missing.add(key);
  return [...missing];
}
