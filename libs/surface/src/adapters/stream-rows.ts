import type { AgentId, OrganizationId } from '@countersign/kernel';
import type { RecordedEvent } from '@countersign/ledger';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { textArray } from '@countersign/postgres';
import { Injectable } from '@nestjs/common';
import { ReadingDatabase } from './reading-database.ts';

/** What an agent did is looked for so far back; beyond that it says little about what it asks now. */
const POSITIONS_MAX = 20_000;

/** Whole histories of several subjects at once, for lists. */
@Injectable()
export class StreamRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** Each stream's events in order; one that has none is left out. */
  async of(
    organizationId: OrganizationId,
    streams: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<EventRow[]>`
        select e.*, p.salt, p.payload
          from ledger.events e
          left join ledger.payloads p using (organization_id, position, recorded_at)
         where e.organization_id = ${organizationId} and e.stream = any (${textArray(streams)}::text::text[])
         order by e.position`,
    );
    const found = new Map<string, RecordedEvent[]>();
    for (const event of rows.map(toRecorded)) found.set(event.stream, [...(found.get(event.stream) ?? []), event]);
    return found;
  }

  /** The decisions of one agent before a position, the latest first; those whose payload was erased are left out. */
  async decisionsBefore(
    organizationId: OrganizationId,
    { agentId, position, limit }: { readonly agentId: AgentId; readonly position: number; readonly limit: number },
  ): Promise<readonly RecordedEvent[]> {
    const floor = Math.max(0, position - POSITIONS_MAX);
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<EventRow[]>`
        select e.*, p.salt, p.payload
          from ledger.events e
          join ledger.payloads p using (organization_id, position, recorded_at)
         where e.organization_id = ${organizationId}
           and e.position >= ${String(floor)}::text::bigint and e.position < ${String(position)}::text::bigint
           and e.type = 'ActionDecided' and e.actor_kind = 'agent' and e.actor_id = ${agentId}
         order by e.position desc limit ${limit}`,
    );
    return rows.map(toRecorded);
  }
}
