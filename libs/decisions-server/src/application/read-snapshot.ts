import { emptyEnforcement, EnforcementSnapshots, type EnforcementState } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { inPipelinedTransaction, safeInteger, settled, type Sql } from '@countersign/postgres';
import { configurationTables } from '../adapters/configuration-tables.ts';
import { loadRows, selectAll } from '../adapters/enforcement-table.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';

const tables = [...configurationTables, ...keyedTables];

/** Reads every enforcement row under one snapshot, so that all belong to one size of the ledger. */
export class ReadSnapshot extends EnforcementSnapshots {
  constructor(private readonly reads: Sql) {
    super();
  }

  override read(organizationId: OrganizationId): Promise<{ readonly state: EnforcementState; readonly size: number }> {
    return inPipelinedTransaction(this.reads, async ({ sql, send, commit }) => {
      const [, , heads, ...rows] = await settled([
        send(sql`set transaction isolation level repeatable read, read only`),
        send(sql`select set_config('countersign.tenant', ${organizationId}::text, true)`),
        send(
          sql<{ size: bigint }[]>`select size from ledger.heads where organization_id = ${organizationId}::text::uuid`,
        ),
        ...tables.map((table) => send(selectAll(sql, organizationId, table))),
      ]);
      await commit();
      const state = emptyEnforcement();
      tables.forEach((table, index) => loadRows(table, state, rows[index] ?? []));
      return { state, size: safeInteger(heads[0]?.size ?? 0n) };
    });
  }
}
