import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { leafHasher, Ledger, ledgerStream, readLedgerEvent, type RecordedEvent } from '@countersign/ledger';
import { formatVkey, newKeyRing, parseCheckpoint, recordKeyEvent, type KeyRing } from '@countersign/ledger/checkpoint';
import { eventLine, writeExportLine } from '@countersign/ledger/export';
import { Injectable } from '@nestjs/common';
import { CheckpointRows, type CheckpointRow } from '../adapters/checkpoint-rows.ts';
import { coveringCheckpoint } from './covering-checkpoint.ts';

/** So many events are read at once; each page is a transaction of its own, so no snapshot outlives it. */
const PAGE_EVENTS = 500;

/** There is nothing to export: no checkpoint covers any event yet. */
export class NothingSigned extends Error {
  override readonly name = 'NothingSigned';
  readonly code = 'ledger.nothing_signed';
}

/** Reads whole ledgers out, in the form that `countersign verify` checks offline. */
@Injectable()
export class LedgerExport {
  readonly #leaves = leafHasher(nodeCrypto);

  constructor(
    private readonly ledger: Ledger,
    private readonly checkpoints: CheckpointRows,
  ) {}

  /**
   * The lines of an export, without their newlines: events up to the latest checkpoint, so that the last checkpoint
   * covers the last event. Waits for the signer to cover what is committed when it starts.
   *
   * @throws {NothingSigned} before the first line when there is no checkpoint.
   */
  async *lines(organizationId: OrganizationId): AsyncGenerator<string> {
    // Otherwise an erasure of a moment ago would show as a payload that is missing without a reason.
    const { size } = await this.ledger.head(organizationId);
    await coveringCheckpoint(this.checkpoints, organizationId, size);
    const latest = await this.checkpoints.latest(organizationId);
    if (!latest || latest.size === 0) throw new NothingSigned('no checkpoint was signed yet');
    const notes = await this.#notes(organizationId, latest.size);
    const ring = await this.keyRing(organizationId, latest.size);

    yield writeExportLine({
      kind: 'export',
      format: 1,
      organization: organizationId,
      origin: originOf(notes),
      checkpoints: notes.map(({ size }) => size),
    });
    yield* this.#events(organizationId, latest.size);
    for (const { note } of notes) yield writeExportLine({ kind: 'checkpoint', note });
    for (const { key, from, until } of ring.ranges)
      yield writeExportLine({ kind: 'key', vkey: formatVkey(key), from, until });
  }

  /** The keys of the log as its own events tell them, below position `size`. */
  async keyRing(organizationId: OrganizationId, size: number): Promise<KeyRing> {
    const events = (await this.ledger.readStream(organizationId, ledgerStream(organizationId))).filter(
      ({ position }) => position < size,
    );
    return events.reduce(withKeyEvent, newKeyRing(firstOrigin(events)));
  }

  async #notes(organizationId: OrganizationId, size: number): Promise<readonly CheckpointRow[]> {
    const notes: CheckpointRow[] = [];
    for await (const row of this.checkpoints.upTo(organizationId, size)) notes.push(row);
    return notes;
  }

  async *#events(organizationId: OrganizationId, size: number): AsyncGenerator<string> {
    for (let from = 0; from < size; from += PAGE_EVENTS) {
      const events = await this.ledger.readPositions(organizationId, {
        from,
        limit: Math.min(PAGE_EVENTS, size - from),
      });
      for (const event of events)
        yield writeExportLine(eventLine(event, this.#leaves.leafHash(event, event.commitment)));
    }
  }
}

const originOf = (notes: readonly CheckpointRow[]) => parseCheckpoint(notes[0]?.note ?? '').origin;

function withKeyEvent(ring: KeyRing, { type, content, position }: RecordedEvent): KeyRing {
  const event = content && readLedgerEvent(type, content.payload);
  return event ? recordKeyEvent(nodeCrypto, ring, event, position).ring : ring;
}

/** A log's first key is named like the log. */
function firstOrigin(events: readonly RecordedEvent[]): string {
  const added = events.find(({ type }) => type === 'SigningKeyAdded');
  const event = added?.content && readLedgerEvent(added.type, added.content.payload);
  return event?.type === 'SigningKeyAdded' ? (event.data.vkey.split('+')[0] ?? '') : '';
}
