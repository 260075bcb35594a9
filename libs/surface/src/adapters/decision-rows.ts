import { instant, type OrganizationId } from '@countersign/kernel';
import { safeInteger } from '@countersign/postgres';
import { Injectable } from '@nestjs/common';
import { readDecided, type PlacedDecision } from '../application/decision-for-people.ts';
import { ReadingDatabase } from './reading-database.ts';

/** Positions [from, to). */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

interface Row {
  readonly position: bigint;
  readonly at: bigint;
  readonly payload: string | null;
}

/** Decisions as the ledger holds them, read by position: the one index that keeps its speed under row security. */
@Injectable()
export class DecisionRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** The decisions of a range, oldest first. One whose payload was erased is left out: nothing of it can be told. */
  async within(organizationId: OrganizationId, { from, to }: PositionRange): Promise<readonly PlacedDecision[]> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<Row[]>`
        select e.position, e.recorded_at as at, p.payload
          from ledger.events e
          left join ledger.payloads p using (organization_id, position, recorded_at)
         where e.organization_id = ${organizationId} and e.type = 'ActionDecided'
           and e.position >= ${String(from)}::text::bigint and e.position < ${String(to)}::text::bigint
         order by e.position`,
    );
    return rows.flatMap(({ position, at, payload }) =>
      payload === null
        ? []
        : [{ position: safeInteger(position), at: instant(safeInteger(at)), decided: readDecided(payload) }],
    );
  }
}
