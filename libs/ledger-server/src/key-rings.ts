import type { OrganizationId } from '@countersign/kernel';
import {
  ledgerStream,
  readLedgerEvent,
  type LedgerCrypto,
  type LedgerEvent,
  type RecordedEvent,
} from '@countersign/ledger';
import { newKeyRing, recordKeyEvent, type KeyRing } from '@countersign/ledger/checkpoint';

/** A log's keys, and how far into its own stream they were read. */
interface KnownRing {
  readonly ring: KeyRing | null;
  readonly version: number;
}

const UNKNOWN: KnownRing = { ring: null, version: 0 };

/** Answers the events of a stream above a version. */
type ReadStream = (stream: string, after: number) => Promise<readonly RecordedEvent[]>;

/** The keys of logs as their own events tell them. Remembers what it has read: the stream only grows. */
export class KeyRings {
  readonly #known = new Map<OrganizationId, KnownRing>();

  constructor(private readonly crypto: LedgerCrypto) {}

  /** Null for a log that has no key yet. */
  async of(organizationId: OrganizationId, read: ReadStream): Promise<KeyRing | null> {
    const { ring, version } = this.#known.get(organizationId) ?? UNKNOWN;
    const events = await read(ledgerStream(organizationId), version);
    const last = events.at(-1);
    if (!last) return ring;

    const known = events.reduce((before, event) => this.#apply(before, event), ring);
    this.#known.set(organizationId, { ring: known, version: last.streamVersion });
    return known;
  }

  /** An event that cannot be read or is refused changes nothing, exactly as in a verification. */
  #apply(ring: KeyRing | null, { type, content, position }: RecordedEvent): KeyRing | null {
    const event = content && readable(type, content.payload);
    const named = event && (ring ?? opened(event));
    return named ? recordKeyEvent(this.crypto, named, event, position).ring : ring;
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
