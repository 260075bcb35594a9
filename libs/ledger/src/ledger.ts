import type { Actor, OrganizationId } from '@countersign/kernel';
import type { NewEvent, RecordedEvent } from './envelope.ts';
import type { TreeHead } from './tree/index.ts';

/** A window of positions, oldest first. */
export interface PositionWindow {
  readonly from: number;
  readonly limit: number;
}

/** Which payloads to remove, why, and who decided it. */
export interface Erasure {
  readonly positions: readonly number[];
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * The append-only record of each organization: gapless positions, gapless stream versions, one Merkle tree
 * (RFC 6962) per organization. Organizations share nothing; one that does not exist is empty.
 *
 * An abstract class, so that it is both the port and the injection token.
 */
export abstract class Ledger {
  /**
   * Appends all events or none, in order, at the next positions, all with one `recordedAt` that is not smaller than
   * that of any lower position. When it resolves the events are durable, as far as the implementation keeps anything.
   * Concurrent appends to one organization happen one after another.
   *
   * @throws {StreamConflict} when an event's `streamVersion` is not the next of its stream.
   */
  abstract append(organizationId: OrganizationId, events: readonly NewEvent[]): Promise<readonly RecordedEvent[]>;

  /** A whole stream, oldest first. An unknown stream is empty. */
  abstract readStream(organizationId: OrganizationId, stream: string): Promise<readonly RecordedEvent[]>;

  /** At most `limit` events from position `from` on, without gaps; fewer only at the end of the ledger. */
  abstract readPositions(organizationId: OrganizationId, window: PositionWindow): Promise<readonly RecordedEvent[]>;

  /** Size and root of what is committed. */
  abstract head(organizationId: OrganizationId): Promise<TreeHead>;

  /**
   * RFC 6962 section 2.1.1: that `position` is in the tree of the first `size` events.
   *
   * @throws {RangeError} unless position < size <= the head's size.
   */
  abstract inclusionProof(
    organizationId: OrganizationId,
    position: number,
    size: number,
  ): Promise<readonly Uint8Array[]>;

  /**
   * RFC 6962 section 2.1.2: that the tree of `to` events begins with the tree of `from` events.
   *
   * @throws {RangeError} unless from <= to <= the head's size.
   */
  abstract consistencyProof(organizationId: OrganizationId, from: number, to: number): Promise<readonly Uint8Array[]>;

  /**
   * Appends `PayloadErased` and removes the contents in one transaction. Proofs, roots and commitments do not change.
   * Erasing what is already erased records the wish again and removes nothing.
   *
   * @throws {ErasureRefused} for a position that does not exist, holds an event of the ledger's own stream, holds
   * configuration, or belongs to something open: the last two where an implementation was told of them.
   */
  abstract erase(organizationId: OrganizationId, erasure: Erasure): Promise<RecordedEvent>;
}

/** Someone else appended to the stream first. Read it again, decide again. */
export class StreamConflict extends Error {
  override readonly name = 'StreamConflict';
  readonly code = 'ledger.stream_conflict';

  constructor(
    readonly stream: string,
    readonly streamVersion: number,
  ) {
    super(`stream \`${stream}\` cannot take version ${streamVersion}: it is not its next`);
  }
}

/** Why payloads cannot be erased. Codes are permanent. */
export const erasureCodes = {
  'ledger.erase_unknown': 'A position that is to be erased does not exist.',
  'ledger.erase_own_event': "A position holds an event of the ledger's own, which verification needs.",
  'ledger.erase_configuration': 'A position holds configuration, which every later decision is judged by.',
  'ledger.erase_open_hold': 'A position belongs to a decision whose hold is still open.',
  'ledger.erase_open_approval':
    'A position belongs to an ask that waits for people, or whose permit waits to be taken.',
} as const;

/** What verification and later decisions need can never be erased, what is not there cannot be, and what is open not yet. */
export class ErasureRefused extends Error {
  override readonly name = 'ErasureRefused';

  constructor(
    readonly code: keyof typeof erasureCodes,
    readonly position: number,
  ) {
    super(`position ${position} ${whyKept[code]}: nothing was erased`);
  }
}

const whyKept = {
  'ledger.erase_unknown': 'does not exist',
  'ledger.erase_own_event': "records the ledger's own keys or erasures, which verification needs",
  'ledger.erase_configuration': 'holds configuration, without which no later decision could be decided again',
  'ledger.erase_open_hold': 'belongs to a decision whose hold is open; it can be erased once the hold has ended',
  'ledger.erase_open_approval':
    'belongs to an ask that people or its agent still need; it can be erased once it is settled and its permit is used or gone',
} as const;
