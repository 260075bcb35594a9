import type { Grant, GrantStatus } from '@countersign/approvals';
import type { AgentId, GrantId, OrganizationId } from '@countersign/kernel';
import { textArray, type Transaction } from '@countersign/postgres';
import { Injectable } from '@nestjs/common';
import { ReadingDatabase } from './reading-database.ts';

/** Which rows are read; what is left out narrows nothing. */
export interface GrantFilter {
  readonly agentId?: AgentId | undefined;
  readonly statuses?: readonly GrantStatus[] | undefined;
}

interface Row {
  readonly agentId: string;
  readonly status: string;
  readonly details: string;
  readonly grantId: string;
}

/** Grants as the last commit left them, for whoever looks. */
@Injectable()
export class GrantRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** The latest first, from before an id on: ids are in the order of time. */
  newest(
    organizationId: OrganizationId,
    { agentId, statuses }: GrantFilter,
    { before, limit }: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly Grant[]> {
    return this.#read(
      organizationId,
      (sql) => sql<Row[]>`
        select ${columns(sql)} from enforcement.grants
         where organization_id = ${organizationId}
           ${agentId === undefined ? sql`` : sql`and agent_id = ${agentId}`}
           ${statuses === undefined ? sql`` : sql`and status = any (${textArray(statuses)}::text::text[])`}
           ${before === null ? sql`` : sql`and grant_id < ${before}`}
         order by grant_id desc limit ${limit}`,
    );
  }

  /** Null for a grant that this organization does not have. */
  async one(organizationId: OrganizationId, grantId: GrantId): Promise<Grant | null> {
    const [grant] = await this.#read(
      organizationId,
      (sql) => sql<Row[]>`
        select ${columns(sql)} from enforcement.grants
         where organization_id = ${organizationId} and grant_id = ${grantId}`,
    );
    return grant ?? null;
  }

  async #read(
    organizationId: OrganizationId,
    select: (sql: Transaction) => Promise<readonly Row[]>,
  ): Promise<readonly Grant[]> {
    const rows = await this.database.inTenant(organizationId, select);
    return rows.map(grantOf);
  }
}

const columns = (sql: Transaction) => sql`grant_id as "grantId", agent_id as "agentId", status, details`;

const grantOf = ({ grantId, agentId, status, details }: Row): Grant =>
  ({ ...(JSON.parse(details) as Grant), grantId, agentId, status }) as Grant;
