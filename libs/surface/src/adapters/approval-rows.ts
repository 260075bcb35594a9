import type { Approval, ApprovalStatus } from '@countersign/approvals';
import type { AgentId, ApprovalId, Instant, OrganizationId } from '@countersign/kernel';
import { textArray, type Transaction } from '@countersign/postgres';
import type { LiftedStop } from '@countersign/stops';
import { Injectable } from '@nestjs/common';
import { ReadingDatabase } from './reading-database.ts';

/** Which rows are read; what is left out narrows nothing. */
export interface RowFilter {
  readonly agentId?: AgentId | undefined;
  readonly statuses?: readonly ApprovalStatus[] | undefined;
}

interface Row {
  readonly approvalId: string;
  readonly agentId: string;
  readonly status: string;
  readonly details: string;
}

/** Approvals as the last commit left them, for whoever looks: never for deciding. */
@Injectable()
export class ApprovalRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** The latest first, from before an id on: ids are in the order of time. */
  newest(
    organizationId: OrganizationId,
    { agentId, statuses }: RowFilter,
    { before, limit }: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly Approval[]> {
    return this.#read(
      organizationId,
      (sql) => sql<Row[]>`
        select ${columns(sql)} from enforcement.approvals
         where organization_id = ${organizationId}
           ${agentId === undefined ? sql`` : sql`and agent_id = ${agentId}`}
           ${statuses === undefined ? sql`` : sql`and status = any (${textArray(statuses)}::text::text[])`}
           ${before === null ? sql`` : sql`and approval_id < ${before}`}
         order by approval_id desc limit ${limit}`,
    );
  }

  /** What waits, the one first whose time ends first; from behind a place in that order on. */
  waiting(
    organizationId: OrganizationId,
    { agentId }: RowFilter,
    { behind, limit }: { readonly behind: readonly [number, string]; readonly limit: number },
  ): Promise<readonly Approval[]> {
    const [expiresAt, approvalId] = behind;
    return this.#read(
      organizationId,
      (sql) => sql<Row[]>`
        select ${columns(sql)} from enforcement.approvals
         where organization_id = ${organizationId} and status = 'pending'
           ${agentId === undefined ? sql`` : sql`and agent_id = ${agentId}`}
           and (expires_at, approval_id) > (${String(expiresAt)}::text::bigint, ${approvalId})
         order by expires_at, approval_id limit ${limit}`,
    );
  }

  /** Those of these ids that this organization has. */
  withIds(organizationId: OrganizationId, ids: readonly ApprovalId[]): Promise<readonly Approval[]> {
    return this.#read(
      organizationId,
      (sql) => sql<Row[]>`
        select ${columns(sql)} from enforcement.approvals
         where organization_id = ${organizationId} and approval_id = any (${textArray(ids)}::text::text[])`,
    );
  }

  /** The stops lifted after an instant: in the time since, no other past ones covered anything. */
  liftedSince(organizationId: OrganizationId, since: Instant): Promise<readonly LiftedStop[]> {
    return this.database.inTenant(organizationId, async (sql) => {
      const rows = await sql<{ details: string }[]>`
        select details from enforcement.lifted_stops
         where organization_id = ${organizationId} and lifted_at > ${String(since)}::text::bigint`;
      return rows.map(({ details }) => JSON.parse(details) as LiftedStop);
    });
  }

  async #read(
    organizationId: OrganizationId,
    select: (sql: Transaction) => Promise<readonly Row[]>,
  ): Promise<readonly Approval[]> {
    const rows = await this.database.inTenant(organizationId, select);
    return rows.map(approvalOf);
  }
}

const columns = (sql: Transaction) => sql`approval_id as "approvalId", agent_id as "agentId", status, details`;

const approvalOf = ({ agentId, status, details }: Row): Approval =>
  ({ ...(JSON.parse(details) as Approval), agentId, status }) as Approval;
