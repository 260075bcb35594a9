import { grantStream, lapsedGrants, peopleOf, type ApprovalEvent, type Grant } from '@countersign/approvals';
import { groundOf, type PartialEnforcement } from '@countersign/decisions';
import { system } from '@countersign/kernel';
import type { LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction } from '@countersign/postgres';
import { compileStops } from '@countersign/stops';
import { grantTable } from '../adapters/approval-tables.ts';
import { loadRows, type Row } from '../adapters/enforcement-table.ts';
import { Configuration, type CompiledPolicies } from './configuration.ts';
import type { Journal } from './journal.ts';

/** What grants are judged in. The state is as it will be committed: what has just changed counts. */
export interface LapsingWork {
  readonly head: LockedHead;
  readonly state: PartialEnforcement;
  readonly journal: Journal;
  readonly transaction: PipelinedTransaction;
  readonly compiled: CompiledPolicies;
}

/**
 * Records the lapses of standing grants in the transaction that brings them about: of people, policies, agents or stops.
 * Judging never depends on it, because every use asks again; it is for whoever looks at the list.
 */
export async function recordLapses(work: LapsingWork): Promise<readonly ApprovalEvent[]> {
  const { head, state, transaction } = work;
  const { sql, send } = transaction;
  const rows = await send(sql<Row[]>`
    select grant_id, agent_id, status, details from enforcement.grants
     where organization_id = ${head.organizationId}::text::uuid and status = 'standing'`);
  loadRows(grantTable, state, rows);
  return lapse([...state.grants.values()], work);
}

/** Of the grants given, which are loaded. */
export function lapse(
  grants: readonly Grant[],
  { head, state, journal, compiled }: Omit<LapsingWork, 'transaction'>,
): readonly ApprovalEvent[] {
  if (grants.length === 0) return [];
  const configuration = new Configuration(head.organizationId, head.epoch, state, compiled);
  const ground = {
    ...{ state, people: peopleOf(state), stops: compileStops(state), now: head.now },
    stackOf: (agentId: Grant['agentId']) => configuration.widestStack(agentId),
  };
  const lapsed = lapsedGrants(grants, (grant) => groundOf(grant, ground), head.now);
  for (const event of lapsed) {
    const { grantId } = event.data as { grantId: Grant['grantId'] };
    journal.record(event, { stream: grantStream(grantId), streamVersion: 2, actor: system });
  }
  return lapsed;
}
