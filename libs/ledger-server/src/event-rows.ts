import { instant, type Actor, type EventId, type OrganizationId } from '@countersign/kernel';
import type { RecordedEvent } from '@countersign/ledger';
import { safeInteger } from '@countersign/postgres';

/** `ledger.events` beside `ledger.payloads`, as `eventColumns` selects them. */
export interface EventRow {
  readonly organization_id: string;
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly stream_version: number;
  readonly type: string;
  readonly schema_version: number;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_method: string;
  readonly actor_credential: string;
  readonly recorded_at: bigint;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly payload: string | null;
}

export function toRecorded(row: EventRow): RecordedEvent {
  const { salt, payload } = row;
  return {
    organizationId: row.organization_id as OrganizationId,
    position: safeInteger(row.position),
    id: row.id as EventId,
    stream: row.stream,
    streamVersion: row.stream_version,
    type: row.type,
    schemaVersion: row.schema_version,
    actor: {
      kind: row.actor_kind as Actor['kind'],
      id: row.actor_id,
      method: row.actor_method as Actor['method'],
      credential: row.actor_credential,
    },
    recordedAt: instant(safeInteger(row.recorded_at)),
    commitment: plainBytes(row.commitment),
    content: salt === null || payload === null ? null : { salt: plainBytes(salt), payload },
  };
}

/** The driver gives Buffers, which print, compare and serialize unlike the plain arrays the ledger speaks of. */
export const plainBytes = ({ buffer, byteOffset, length }: Uint8Array) => new Uint8Array(buffer, byteOffset, length);
