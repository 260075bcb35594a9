import { approvalStream, type Approval, type ApprovalEvent } from '@countersign/approvals';
import { approvalStandingOf, approvalWordsOf, emptyEnforcement, type ApprovalStanding } from '@countersign/decisions';
import type { ApprovalId, Instant, OrganizationId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { inTenant, settled, textArray, type Sql, type Transaction } from '@countersign/postgres';
import { timesStopped } from '@countersign/stops';
import { selectLiftedSince } from '../adapters/approval-rows.ts';
import { approvalTable } from '../adapters/approval-tables.ts';
import type { Row } from '../adapters/enforcement-table.ts';
import { selectStreams } from '../adapters/histories.ts';
import { liftedStopTable, stopTable } from '../adapters/people-tables.ts';

/** Reads what became of approvals, without the lock: for those who look, never for deciding. */
export class ReadApproval {
  constructor(private readonly reads: Sql) {}

  /** Null for an approval that this organization does not have. */
  standing(organizationId: OrganizationId, approvalId: ApprovalId, now: Instant): Promise<ApprovalStanding | null> {
    return inTenant(this.reads, organizationId, async (sql) => {
      const approval = await selectApproval(sql, organizationId, approvalId);
      if (!approval) return null;
      const [stops, lifted, events] = await settled([
        sql<
          Row[]
        >`select stop_id, details from enforcement.stops where organization_id = ${organizationId}::text::uuid`,
        selectLiftedSince(sql, organizationId, approval.openedAt),
        selectStreams(sql, organizationId, [approvalStream(approvalId)]),
      ]);
      const state = emptyEnforcement();
      for (const row of stops) state.stops.load(...stopTable.fromRow(row));
      for (const row of lifted) state.liftedStops.load(...liftedStopTable.fromRow(row));
      const times = timesStopped(state, approval, approval.openedAt);
      return approvalStandingOf(approval, approvalWordsOf(eventsOf(events)), times, now);
    });
  }
}

async function selectApproval(
  sql: Transaction,
  organizationId: OrganizationId,
  approvalId: ApprovalId,
): Promise<Approval | null> {
  const [row] = await sql<Row[]>`
    select approval_id, agent_id, status, details from enforcement.approvals
     where organization_id = ${organizationId}::text::uuid and approval_id = any (${textArray([approvalId])}::text::text[])`;
  return row ? approvalTable.fromRow(row)[1] : null;
}

/** Those whose payload was not erased. */
const eventsOf = (rows: readonly EventRow[]): readonly ApprovalEvent[] =>
  rows
    .map(toRecorded)
    .flatMap(({ type, content }) => (content ? [{ type, data: JSON.parse(content.payload) } as ApprovalEvent] : []));
