import { setTimeout as pause } from 'node:timers/promises';
import type { OrganizationId } from '@countersign/kernel';
import {
  leafHasher,
  planConsistency,
  planInclusion,
  toBase64,
  type LedgerCrypto,
  type RecordedEvent,
} from '@countersign/ledger';
import { formatVkey, parseCheckpoint, rangeFor, type KeyRing } from '@countersign/ledger/checkpoint';
import { receiptOf, type Receipt } from '@countersign/ledger/export';
import type { Sql } from '@countersign/postgres';
import { coveringCheckpoint, latestCheckpoint, type CheckpointRow } from './checkpoint-rows.ts';
import { toRecorded } from './event-rows.ts';
import { selectPositions, selectStream } from './event-statements.ts';
import { ExportLines } from './export-lines.ts';
import { KeyRings } from './key-rings.ts';
import { LedgerReader } from './ledger-reader.ts';

/** How long a receipt waits for the signer, who is at most a second behind. */
const WAIT_MILLISECONDS = 2_000;
const PAUSE_MILLISECONDS = 50;

/** That one event is in the tree of the first `size` events. Hashes are base64, deepest first (RFC 6962 section 2.1.1). */
export interface InclusionProof {
  readonly position: number;
  readonly size: number;
  readonly leafHash: string;
  readonly proof: readonly string[];
}

/** That the first `to` events begin with the first `from`. Hashes are base64 (RFC 6962 section 2.1.2). */
export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  readonly proof: readonly string[];
}

/** Everything that may be asked of a ledger besides its events: the transparency log, receipts and exports. Takes no lock. */
export class LedgerAccess {
  readonly #reader: LedgerReader;
  readonly #rings: KeyRings;
  readonly #export: ExportLines;

  constructor(
    reads: Sql,
    private readonly crypto: LedgerCrypto,
  ) {
    this.#reader = new LedgerReader(reads, crypto);
    this.#rings = new KeyRings(crypto);
    this.#export = new ExportLines(this.#reader, crypto);
  }

  /** Null while nothing was signed. */
  latestCheckpoint(organizationId: OrganizationId): Promise<CheckpointRow | null> {
    return this.#reader.within(organizationId, (sql) => latestCheckpoint(sql, organizationId));
  }

  /**
   * By default in the tree of the latest checkpoint, so that the root it leads to is one that was signed. Null when
   * nothing was signed yet.
   *
   * @throws {RangeError} unless position < size <= the head's size.
   */
  inclusionProof(organizationId: OrganizationId, position: number, size?: number): Promise<InclusionProof | null> {
    return this.#reader.within(organizationId, async (sql) => {
      const at = size ?? (await latestCheckpoint(sql, organizationId))?.size;
      if (at === undefined) return null;
      const proof = await this.#reader.proveIn(sql, organizationId, at, planInclusion(position, at));
      const [row] = await selectPositions(sql, organizationId, { from: position, to: position + 1 });
      if (!row) throw new RangeError(`there is no event at position ${position}`);
      const event = toRecorded(row);
      const leafHash = leafHasher(this.crypto).leafHash(event, event.commitment);
      return { position, size: at, leafHash: toBase64(leafHash), proof: proof.map(toBase64) };
    });
  }

  /**
   * To the latest checkpoint by default. Null when nothing was signed yet.
   *
   * @throws {RangeError} unless from <= to <= the head's size.
   */
  consistencyProof(organizationId: OrganizationId, from: number, to?: number): Promise<ConsistencyProof | null> {
    return this.#reader.within(organizationId, async (sql) => {
      const end = to ?? (await latestCheckpoint(sql, organizationId))?.size;
      if (end === undefined) return null;
      const proof = await this.#reader.proveIn(sql, organizationId, end, planConsistency(from, end));
      return { from, to: end, proof: proof.map(toBase64) };
    });
  }

  /** The log's keys as its own events tell them; null before its first. */
  keyRing(organizationId: OrganizationId): Promise<KeyRing | null> {
    return this.#rings.of(organizationId, (stream, after) => this.#reader.stream(organizationId, stream, after));
  }

  /** Every key the log has had, oldest first, as `name+keyid+base64`. */
  async verifierKeys(organizationId: OrganizationId): Promise<readonly string[]> {
    const ring = await this.keyRing(organizationId);
    return (ring?.ranges ?? []).map(({ key }) => formatVkey(key));
  }

  /**
   * The receipt of the event at a position. Waits for a checkpoint that covers it, at most two seconds; `unsigned`
   * when none came. Null when there is no such event.
   */
  async receiptOf(organizationId: OrganizationId, position: number): Promise<Receipt | 'unsigned' | null> {
    const [event] = await this.#reader.positions(organizationId, { from: position, limit: 1 });
    return event ? this.#receipt(organizationId, event) : null;
  }

  /** The receipt of a stream's first event, such as the decision that its stream begins with. */
  async receiptOfStream(organizationId: OrganizationId, stream: string): Promise<Receipt | 'unsigned' | null> {
    const [row] = await this.#reader.within(organizationId, (sql) => selectStream(sql, organizationId, stream));
    return row ? this.#receipt(organizationId, toRecorded(row)) : null;
  }

  /** The lines of an export, see `ExportLines`. @throws {NothingSigned} before the first line. */
  exportLines(organizationId: OrganizationId): AsyncGenerator<string> {
    return this.#export.lines(organizationId);
  }

  async #receipt(organizationId: OrganizationId, event: RecordedEvent): Promise<Receipt | 'unsigned'> {
    const checkpoint = await this.#covering(organizationId, event.position + 1);
    if (!checkpoint) return 'unsigned';
    const inclusion = await this.#reader.inclusion(organizationId, event.position, checkpoint.size);
    const vkey = await this.#signerOf(organizationId, checkpoint);
    return receiptOf(this.crypto, { event, inclusion, checkpoint: checkpoint.note, vkey });
  }

  async #covering(organizationId: OrganizationId, size: number): Promise<CheckpointRow | null> {
    const deadline = performance.now() + WAIT_MILLISECONDS;
    for (;;) {
      const checkpoint = await this.#reader.within(organizationId, (sql) =>
        coveringCheckpoint(sql, organizationId, size),
      );
      if (checkpoint || performance.now() > deadline) return checkpoint;
      await pause(PAUSE_MILLISECONDS);
    }
  }

  async #signerOf(organizationId: OrganizationId, { note, size }: CheckpointRow): Promise<string> {
    const ring = await this.keyRing(organizationId);
    const checkpoint = parseCheckpoint(note);
    const range = ring && checkpoint.signatures.flatMap((signature) => rangeFor(ring, checkpoint, signature) ?? [])[0];
    if (!range) throw new Error(`no key of the ledger signed its checkpoint of size ${size}`);
    return formatVkey(range.key);
  }
}
