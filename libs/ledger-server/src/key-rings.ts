import type { OrganizationId } from '@countersign/kernel';
import { ledgerStream, readLedgerEvent, type LedgerCrypto, type LedgerEvent, type RecordedEvent } from '@countersign/ledger';
import { newKeyRing, recordKeyEvent, type KeyRing } from '@countersign/ledger/checkpoint';

/** A log's keys, and how far into its own stream they were read. */
interface KnownRing {
  readonly ring: KeyRing;
  readonly version: number;
}

/** Answers the events of a stream above a version. */
type ReadStream = (stream: string, after: number) => Promise<readonly RecordedEvent[]>;

/** The keys of logs as their own events tell them. Remembers what it has read: the stream only grows. */
export class KeyRings {
  readonly #known = new Map<OrganizationId, KnownRing>();

  constructor(private readonly crypto: LedgerCrypto) {}

  /** Null for a log that has no key yet. */
  async of(organizationId: OrganizationId, read: ReadStream): Promise<KeyRing | null> {
    const known = this.#known.get(organizationId) ?? null;
    const events = await read(ledgerStream(organizationId), known?.version ?? 0);
    if (events.length === 0) return known?.ring ?? null;

    const ring = this.#fold(known?.ring ?? null, events);
    const version = events.at(-1)?.streamVersion ?? 0;
    if (ring) this.#known.set(organizationId, { ring, version });
    return ring;
  }

  /** An event that cannot be read or is refused changes nothing, exactly as in a verification. */
  #fold(start: KeyRing | null, events: readonly RecordedEvent[]): KeyRing | null {
    let ring = start;
    for (const { type, content, position } of events) {
      const event = content && readable(type, content.payload);
      ring ??= event && opened(event);
      if (event && ring) ring = recordKeyEvent(this.crypto, ring, event, position).ring;
    }
    return ring;
  }
}

/** A log is named like its first key. */
function opened(event: LedgerEvent): KeyRing | null {
  return event.type === 'SigningKeyAdded' ? newKeyRing(event.data.vkey.split('+')[0] ?? '') : null;
}

function readable(type: string, payload: string): LedgerEvent | null {
  try {
    return readLedgerEvent(type, payload);
  } catch {
    return null;
  }
}
