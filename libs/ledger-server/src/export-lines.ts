import type { OrganizationId } from '@countersign/kernel';
import { leafHasher, ledgerStream, readLedgerEvent, type LedgerCrypto, type RecordedEvent } from '@countersign/ledger';
import { keyRingOf } from '@countersign/ledger/checkpoint';
import { eventLine, keyLine, writeExportLine } from '@countersign/ledger/export';
import { checkpointPage, checkpointSizes, latestCheckpoint } from './checkpoint-rows.ts';
import type { LedgerReader } from './ledger-reader.ts';

/** So many events are read at once: with the largest payloads there are, some 60 MB. */
const PAGE_EVENTS = 256;
const PAGE_CHECKPOINTS = 1_000;
const PAGE_SIZES = 100_000;

/** There is nothing to export: no checkpoint covers any event yet. */
export class NothingSigned extends Error {
  override readonly name = 'NothingSigned';
  readonly code = 'ledger.nothing_signed';
}

/** Reads whole ledgers out, in the form that `countersign verify` checks offline. */
export class ExportLines {
  readonly #leaves;

  constructor(
    private readonly reader: LedgerReader,
    private readonly crypto: LedgerCrypto,
  ) {
    this.#leaves = leafHasher(crypto);
  }

  /**
   * Lines without their newlines: the header, events up to the latest checkpoint, checkpoints, keys. Each page is a
   * transaction of its own, so that no snapshot stays open for as long as somebody reads. When a payload is erased
   * meanwhile by an event that this export does not reach, it ends with a line that says so: start anew.
   *
   * @throws {NothingSigned} before the first line when there is no checkpoint.
   */
  async *lines(organizationId: OrganizationId): AsyncGenerator<string> {
    const latest = await this.reader.within(organizationId, (sql) => latestCheckpoint(sql, organizationId));
    if (!latest || latest.size === 0) throw new NothingSigned('no checkpoint was signed yet');

    const { size } = latest;
    const own = (await this.reader.stream(organizationId, ledgerStream(organizationId))).filter(
      ({ position }) => position < size,
    );
    const origin = originOf(own);
    const checkpoints = await this.#sizes(organizationId, size);
    yield writeExportLine({ kind: 'export', format: 1, organization: organizationId, origin, checkpoints });
    const overtaken = yield* this.#events(organizationId, size, erasedBy(own));
    if (overtaken !== null) return yield writeExportLine({ kind: 'overtaken', position: overtaken });
    yield* this.#checkpoints(organizationId, size);
    for (const range of keyRingOf(this.crypto, origin, own).ranges) yield writeExportLine(keyLine(range));
  }

  async #sizes(organizationId: OrganizationId, upTo: number): Promise<number[]> {
    const sizes: number[] = [];
    for (let after = -1; after < upTo; after = sizes.at(-1) ?? upTo) {
      const page = { after, upTo, limit: PAGE_SIZES };
      sizes.push(...(await this.reader.within(organizationId, (sql) => checkpointSizes(sql, organizationId, page))));
    }
    return sizes;
  }

  /** Answers the position at which a later erasure overtook it; null when it came to its end. */
  async *#events(
    organizationId: OrganizationId,
    size: number,
    erased: ReadonlySet<number>,
  ): AsyncGenerator<string, number | null> {
    for (let from = 0; from < size; from += PAGE_EVENTS) {
      const events = await this.reader.positions(organizationId, { from, limit: Math.min(PAGE_EVENTS, size - from) });
      const missing = events.filter(({ content, position }) => content === null && !erased.has(position));
      const overtaken = missing.length > 0 ? await this.#firstErasedLater(organizationId, size, missing) : null;
      if (overtaken !== null) return overtaken;
      for (const event of events)
        yield writeExportLine(eventLine(event, this.#leaves.leafHash(event, event.commitment)));
    }
    return null;
  }

  /** A payload that no later event erased either is truly unaccounted for, and the verifier is who says so. */
  async #firstErasedLater(
    organizationId: OrganizationId,
    size: number,
    missing: readonly RecordedEvent[],
  ): Promise<number | null> {
    const own = await this.reader.stream(organizationId, ledgerStream(organizationId));
    const later = erasedBy(own.filter(({ position }) => position >= size));
    return missing.find(({ position }) => later.has(position))?.position ?? null;
  }

  async *#checkpoints(organizationId: OrganizationId, upTo: number): AsyncGenerator<string> {
    for (let after = -1; after < upTo;) {
      const page = { after, upTo, limit: PAGE_CHECKPOINTS };
      const rows = await this.reader.within(organizationId, (sql) => checkpointPage(sql, organizationId, page));
      for (const { note } of rows) yield writeExportLine({ kind: 'checkpoint', note });
      after = rows.at(-1)?.size ?? upTo;
    }
  }
}

/** A log is named like its first key. */
function originOf(own: readonly RecordedEvent[]): string {
  const added = own.find(({ type }) => type === 'SigningKeyAdded');
  const event = added?.content && readLedgerEvent(added.type, added.content.payload);
  if (event?.type !== 'SigningKeyAdded') throw new Error('the ledger was signed and names no key');
  return event.data.vkey.split('+')[0] ?? '';
}

function erasedBy(own: readonly RecordedEvent[]): ReadonlySet<number> {
  return new Set(
    own.flatMap(({ type, content }) => {
      const event = content && type === 'PayloadErased' ? readLedgerEvent(type, content.payload) : null;
      return event?.type === 'PayloadErased' ? event.data.positions : [];
    }),
  );
}
