import type { Actor, EventId, Instant, OrganizationId } from '@countersign/kernel';

/** What the leaf binds of an event besides its content. `docs/ledger-format.md` gives the byte layout. */
export interface EventHeader {
  readonly organizationId: OrganizationId;
  /** From 0, gapless within the organization. */
  readonly position: number;
  /** UUIDv7, lower case. */
  readonly id: EventId;
  /** `<category>-<id>`. */
  readonly stream: string;
  /** From 1, gapless within the stream. */
  readonly streamVersion: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly actor: Actor;
  /** The database's clock; never smaller than that of a lower position (I14). */
  readonly recordedAt: Instant;
}

/** The erasable part of an event: it can be removed later without touching any proof. */
export interface EventContent {
  /** 32 random bytes, so that nobody can guess an erased payload from its commitment. */
  readonly salt: Uint8Array;
  /**
   * The exact JSON text, kept character by character. Well-formed Unicode: a lone surrogate would be hashed as
   * U+FFFD, as every UTF-8 store keeps it, so what writes payloads refuses them earlier.
   */
  readonly payload: string;
}

/** An event before the ledger gave it a place and a time. */
export interface NewEvent extends Omit<EventHeader, 'organizationId' | 'position' | 'recordedAt'>, EventContent {}

/** An event in its place. `content` is null once erased; `commitment` stays for ever. */
export interface RecordedEvent extends EventHeader {
  /** SHA-256(salt ‖ UTF-8 payload). */
  readonly commitment: Uint8Array;
  readonly content: EventContent | null;
}
