import type { AgentId, ApprovalId, Instant, OrganizationId, StopId } from '@countersign/kernel';
import type { PartialEnforcement } from '@countersign/decisions';
import { settled, textArray, type PipelinedTransaction, type Queryable } from '@countersign/postgres';
import { approvalTable, grantTable } from './approval-tables.ts';
import type { Row } from './enforcement-table.ts';
import { liftedStopTable } from './people-tables.ts';

/** The version of the stream of each approval that was read. */
export type StreamVersions = Map<ApprovalId, number>;

/** An approval's row, and how far its stream has come. */
const APPROVAL = `a.approval_id, a.agent_id, a.status, a.details,
  (select coalesce(max(e.stream_version), 0) from ledger.events e
    where e.organization_id = a.organization_id and e.stream = 'approval-' || substr(a.approval_id, 5)) as version`;

/**
 * Reads all that one agent's next ask depends on, for the agents given: their approvals that wait or are approved, and
 * their standing grants. Rows that are known are not replaced: they may have changed in this transaction.
 */
export async function loadOpenOf(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
  state: PartialEnforcement,
  agentIds: readonly AgentId[],
): Promise<StreamVersions> {
  const [approvals, grants] = await settled([
    send(sql<Row[]>`
      select ${sql.unsafe(APPROVAL)} from enforcement.approvals a
       where a.organization_id = ${organizationId}::text::uuid and a.status in ('pending', 'approved')
         and a.agent_id = any (${textArray(agentIds)}::text::text[])`),
    send(sql<Row[]>`
      select grant_id, agent_id, status, details from enforcement.grants
       where organization_id = ${organizationId}::text::uuid and status = 'standing'
         and agent_id = any (${textArray(agentIds)}::text::text[])`),
  ]);
  for (const [grantId, grant] of grants.map(grantTable.fromRow))
    if (!state.grants.isKnown(grantId)) state.grants.load(grantId, grant);
  return loadApprovalRows(state, approvals);
}

/** Reads the approvals of these ids; afterwards all of them are known. */
export async function loadApprovals(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
  state: PartialEnforcement,
  approvalIds: readonly ApprovalId[],
): Promise<StreamVersions> {
  const rows = await send(sql<Row[]>`
    select ${sql.unsafe(APPROVAL)} from enforcement.approvals a
     where a.organization_id = ${organizationId}::text::uuid
       and a.approval_id = any (${textArray(approvalIds)}::text::text[])`);
  const versions = loadApprovalRows(state, rows);
  state.approvals.know(approvalIds);
  return versions;
}

export function loadApprovalRows(state: PartialEnforcement, rows: readonly Row[]): StreamVersions {
  const versions: StreamVersions = new Map();
  for (const row of rows) {
    const [approvalId, approval] = approvalTable.fromRow(row);
    versions.set(approvalId, Number(row['version']));
    if (!state.approvals.isKnown(approvalId)) state.approvals.load(approvalId, approval);
  }
  return versions;
}

/** Approvals that something can be due of, in the order of when; from beyond one of them on. */
export function selectDueApprovals(
  sql: PipelinedTransaction['sql'],
  organizationId: OrganizationId,
  { now, beyond, most }: { readonly now: Instant; readonly beyond: readonly [Instant, string]; readonly most: number },
) {
  return sql<Row[]>`
    select ${sql.unsafe(APPROVAL)}, a.due_at from enforcement.approvals a
     where a.organization_id = ${organizationId}::text::uuid and a.status in ('pending', 'approved')
       and a.due_at <= ${String(now)}::text::bigint
       and (a.due_at, a.approval_id) > (${String(beyond[0])}::text::bigint, ${beyond[1]}::text)
     order by a.due_at, a.approval_id limit ${most}`;
}

/** The stops that were lifted after an instant: in the time that an approval was open, no others covered it. */
export const selectLiftedSince = (sql: Queryable, organizationId: OrganizationId, since: Instant) => sql<Row[]>`
  select stop_id, details from enforcement.lifted_stops
   where organization_id = ${organizationId}::text::uuid and lifted_at > ${String(since)}::text::bigint`;

export async function loadLiftedSince(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
  state: PartialEnforcement,
  since: Instant,
): Promise<void> {
  const rows = await send(selectLiftedSince(sql, organizationId, since));
  for (const [stopId, stop] of rows.map(liftedStopTable.fromRow))
    if (!state.liftedStops.isKnown(stopId as StopId)) state.liftedStops.load(stopId, stop);
}
