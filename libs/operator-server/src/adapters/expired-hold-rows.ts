import type { OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { type PositionRange, readDecided, ReadingDatabase } from '@countersign/surface';

/** Holds that nobody reported on: presumed spent, and not corrected since. */
@Injectable()
export class ExpiredHoldRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** Those that expired within a range, newest first. A decision whose payload was erased cannot be told and is left out. */
  async within(organizationId: OrganizationId, { from, to }: PositionRange) {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ payload: string | null }[]>`
        select p.payload
          from ledger.events e
          join ledger.events d
            on d.organization_id = e.organization_id and d.stream = e.stream and d.stream_version = 1
          left join ledger.payloads p
            on p.organization_id = d.organization_id and p.position = d.position and p.recorded_at = d.recorded_at
         where e.organization_id = ${organizationId} and e.type = 'HoldExpired'
           and e.position >= ${String(from)}::text::bigint and e.position < ${String(to)}::text::bigint
           and not exists (
             select from ledger.events later
              where later.organization_id = e.organization_id and later.stream = e.stream
                and later.stream_version > e.stream_version)
         order by e.position desc`,
    );
    return rows.flatMap(({ payload }) => (payload === null ? [] : [readDecided(payload)]));
  }
}
