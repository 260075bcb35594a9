import { newKeyRing, recordKeyEvent, type KeyRing } from '../checkpoint/index.ts';
import { equalBytes, toBase64 } from '../bytes.ts';
import type { LedgerCrypto } from '../crypto.ts';
import type { RecordedEvent } from '../envelope.ts';
import { leafHasher, type LeafHasher } from '../leaf.ts';
import { ledgerEvents, ledgerStream, readLedgerEvent, type LedgerEvent } from '../ledger.events.ts';
import { addLeaf, rootOf, treeHasher, type TreeHasher } from '../tree/index.ts';
import { eventOf, hashBytes, type EventLine, type HeaderLine } from './export-lines.ts';
import type { ProblemList, VerificationCode } from './verification-report.ts';

/**
 * Reads events in order: their sequence, leaves, contents, erasures and times; what they say of keys; and the roots
 * at the sizes that will be asked for. Keeps the right edge of the tree and the positions erased without a reason.
 */
export class EventChecks {
  readonly payloads = { present: 0, erased: 0, altered: 0 };
  ring: KeyRing;
  events = 0;

  readonly #crypto: LedgerCrypto;
  readonly #header: HeaderLine;
  readonly #problems: ProblemList;
  readonly #leaves: LeafHasher;
  readonly #tree: TreeHasher;
  readonly #edge: Uint8Array[] = [];
  readonly #roots = new Map<number, Uint8Array | null>();
  readonly #unexcused = new Set<number>();
  readonly #excused = new Set<number>();
  #next = 0;
  #brokenAt: number | null = null;
  #afterUnreadable = false;
  #latest = 0;

  constructor(crypto: LedgerCrypto, header: HeaderLine, problems: ProblemList, rootSizes: readonly number[]) {
    this.#crypto = crypto;
    this.#header = header;
    this.#problems = problems;
    this.#leaves = leafHasher(crypto);
    this.#tree = treeHasher(crypto);
    this.ring = newKeyRing(header.origin);
    for (const size of rootSizes) this.#roots.set(size, size === 0 ? this.#tree.emptyRoot : null);
  }

  /** The root at one of the sizes asked for; null when the events do not reach it unbroken. */
  rootAt(size: number): Uint8Array | null {
    return this.#roots.get(size) ?? null;
  }

  /** Of all events, in base64; null when a line is missing. */
  root(): string | null {
    return this.#brokenAt === null ? toBase64(rootOf(this.#tree, this.#edge)) : null;
  }

  /** The first position that could not be read in its place; null if there is none. */
  get brokenAt(): number | null {
    return this.#brokenAt;
  }

  get next(): number {
    return this.#next;
  }

  /** A line that should have been an event was reported as unreadable: nothing after it has a known place in the tree. */
  skipUnreadable(): void {
    this.#brokenAt ??= this.#next;
    this.#afterUnreadable = true;
  }

  check(body: EventLine, line: number): void {
    this.events += 1;
    const event = eventOf(body, this.#header.organization);
    if (!this.#inSequence(event.position, line)) return;

    const place = { line, position: event.position };
    if (event.recordedAt < this.#latest)
      this.#report(
        'event.time_backwards',
        place,
        `it is dated ${this.#latest - event.recordedAt} ms before its predecessor`,
      );
    this.#latest = event.recordedAt;
    if (this.#contentHolds(event, place)) this.#readLedgerEvent(event, place);
    this.#addLeaf(event, body.leaf, place);
  }

  /** Erasures that no event of the ledger records. */
  finish(): void {
    for (const position of this.#unexcused)
      this.#report(
        'payload.erased_unrecorded',
        { line: null, position },
        'its payload is missing and no `PayloadErased` names it',
      );
  }

  #inSequence(position: number, line: number): boolean {
    const expected = this.#next;
    if (position < expected) {
      this.#report(
        'event.repeated',
        { line, position },
        `the line repeats it or is out of place: position ${expected} should stand here`,
      );
      return false;
    }
    if (position > expected && !this.#afterUnreadable)
      this.#report(
        'event.missing',
        { line, position: expected },
        `the line for it is missing or out of place: position ${position} stands here`,
      );
    if (position > expected) this.#brokenAt ??= expected;
    this.#afterUnreadable = false;
    this.#next = position + 1;
    return true;
  }

  #contentHolds({ position, content, commitment }: RecordedEvent, place: Place): boolean {
    if (content === null) {
      this.payloads.erased += 1;
      this.#unexcused.add(position);
      return true;
    }
    if (equalBytes(this.#leaves.commitment(content), commitment)) {
      this.payloads.present += 1;
      return true;
    }
    this.payloads.altered += 1;
    this.#report('payload.altered', place, 'its payload or salt is not what the ledger committed to');
    return false;
  }

  #addLeaf(event: RecordedEvent, statedLeaf: string, place: Place): void {
    const leafHash = this.#leaves.leafHash(event, event.commitment);
    if (!equalBytes(leafHash, hashBytes(statedLeaf)))
      this.#report('event.altered', place, 'its fields do not give its leaf hash: one of them was changed');
    if (this.#brokenAt !== null) return;

    addLeaf(this.#tree, this.#edge, event.position, leafHash);
    if (this.#roots.has(this.#next)) this.#roots.set(this.#next, rootOf(this.#tree, this.#edge));
  }

  #readLedgerEvent(event: RecordedEvent, place: Place): void {
    if (event.stream !== ledgerStream(this.#header.organization) || !Object.hasOwn(ledgerEvents, event.type)) return;
    if (event.content === null)
      return this.#report('ledger_event.erased', place, `a \`${event.type}\` of the ledger itself can never be erased`);
    try {
      const known = readLedgerEvent(event.type, event.content.payload);
      if (known) this.#applyLedgerEvent(known, place);
    } catch {
      this.#report('ledger_event.malformed', place, `its payload is not that of a \`${event.type}\``);
    }
  }

  #applyLedgerEvent(event: LedgerEvent, place: Place): void {
    if (event.type === 'PayloadErased') return this.#excuse(event.data.positions, place);
    if (event.type === 'LedgerRestored') this.#checkRestore(event.data, place);
    const { ring, problem } = recordKeyEvent(this.#crypto, this.ring, event, place.position);
    this.ring = ring;
    if (problem) this.#report(problem.code, place, problem.message);
  }

  #excuse(positions: readonly number[], place: Place): void {
    for (const position of positions) {
      if (position >= place.position)
        this.#report('erasure.ahead', place, `it erases position ${position}, which does not come before it`);
      else if (this.#unexcused.delete(position)) this.#excused.add(position);
      else if (!this.#excused.has(position))
        this.#report(
          'payload.not_erased',
          { ...place, position },
          `position ${place.position} records its erasure, yet its payload is here`,
        );
    }
  }

  /** The restored log continues the tree it was restored to; it may not claim another. */
  #checkRestore({ fromSize, fromRoot }: { fromSize: number; fromRoot: string }, place: Place): void {
    if (this.#brokenAt !== null) return;
    if (fromSize !== place.position || fromRoot !== this.root())
      this.#report('restore.root_differs', place, 'it names another size or root than the events before it have');
  }

  #report(code: VerificationCode, { line, position }: Place | { line: null; position: number }, what: string): void {
    this.#problems.add({ code, line, position, message: `position ${position}: ${what}` });
  }
}

interface Place {
  readonly line: number;
  readonly position: number;
}
