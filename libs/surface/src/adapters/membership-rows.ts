import { instant, type Instant, type MemberId, type OrganizationId } from '@countersign/kernel';
import { safeInteger } from '@countersign/postgres';
import { Injectable } from '@nestjs/common';
import { ReadingDatabase } from './reading-database.ts';

export interface Membership {
  readonly organizationId: OrganizationId;
  readonly memberId: MemberId;
}

/**
 * What must be asked before an organization is known. Answers ids, and takes as long for an organization that does not
 * exist as for one that somebody does not belong to, because it never looks at an organization's own rows.
 */
@Injectable()
export class MembershipRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** Of one person; former ones left out. */
  async of(userId: string): Promise<readonly Membership[]> {
    const rows = await this.database.reads<{ organizationId: string; memberId: string }[]>`
      select organization_id as "organizationId", member_id as "memberId"
        from enforcement.memberships_of(${userId}::text)`;
    return rows.map(({ organizationId, memberId }) => ({
      organizationId: organizationId as OrganizationId,
      memberId: memberId as MemberId,
    }));
  }

  /** Where an invitation leads, whatever became of it; null for a token that none has. */
  async invitedTo(tokenHash: string): Promise<OrganizationId | null> {
    const [row] = await this.database.reads<{ organizationId: string }[]>`
      select organization_id as "organizationId" from enforcement.organization_of_invitation(${tokenHash}::text)`;
    return row ? (row.organizationId as OrganizationId) : null;
  }

  /** The database's clock: whether an invitation is over is its question, not this process's (I14). */
  async now(): Promise<Instant> {
    const [row] = await this.database.reads<{ now: bigint }[]>`
      select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
    return instant(safeInteger(row?.now ?? 0n));
  }
}
