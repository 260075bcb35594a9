import { partialEnforcement, type PartialEnforcement } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { settled, type PipelinedTransaction } from '@countersign/postgres';
import { configurationTables } from './configuration-tables.ts';
import { loadRows, selectAll } from './enforcement-table.ts';

/** Reads an organization's whole configuration in one round trip, in a transaction that names the organization. */
export async function readConfiguration(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
): Promise<PartialEnforcement> {
  const state = partialEnforcement();
  const tables = await settled(configurationTables.map((table) => send(selectAll(sql, organizationId, table))));
  configurationTables.forEach((table, index) => loadRows(table, state, tables[index] ?? []));
  return state;
}
