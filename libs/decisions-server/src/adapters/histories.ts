import { decisionStream, historyOf, type DecisionFact, type DecisionHistory } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import type { RecordedEvent } from '@countersign/ledger';
import { textArray, type Queryable } from '@countersign/postgres';

/** `dec_<32 hex>` is told in the stream `decision-<32 hex>`. */
export const streamOf = decisionStream;

/** The events of the streams given, in order, with what is left of their payloads. */
export function selectStreams(sql: Queryable, organizationId: OrganizationId, streams: readonly string[]) {
  return sql<EventRow[]>`
    select e.*, p.salt, p.payload
      from ledger.events e
      left join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organizationId}::text::uuid and e.stream = any (${textArray(streams)}::text::text[])
     order by e.position`;
}

/** Histories by stream. An erased payload is a fact that can no longer be read, and is left out. */
export function historiesOf(rows: readonly EventRow[]): ReadonlyMap<string, DecisionHistory> {
  const facts = new Map<string, DecisionFact[]>();
  for (const event of rows.map(toRecorded))
    facts.set(event.stream, [...(facts.get(event.stream) ?? []), ...factOf(event)]);
  return new Map([...facts].map(([stream, known]) => [stream, historyOf(known)]));
}

export function factOf({ type, content, position, recordedAt }: RecordedEvent): DecisionFact[] {
  if (!content) return [];
  return [{ event: { type, data: JSON.parse(content.payload) } as DecisionFact['event'], position, recordedAt }];
}

export const unknownDecision: DecisionHistory = historyOf([]);
