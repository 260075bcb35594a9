import {
  checkpointBody,
  checkSignature,
  originAt,
  parseCheckpoint,
  rangeFor,
  trustedRanges,
  type SignedCheckpoint,
  type VerifierKey,
} from '../checkpoint/index.ts';
import { equalBytes, utf8 } from '../bytes.ts';
import type { LedgerCrypto } from '../crypto.ts';
import { LedgerFormatError } from '../format-error.ts';
import type { EventChecks } from './event-checks.ts';
import type { HeaderLine } from './export-lines.ts';
import type { ProblemList, VerificationCode } from './verification-report.ts';

/** What came from elsewhere: the only things in a verification that the holder of the export could not forge. */
export interface Pins {
  readonly keys: readonly VerifierKey[] | null;
  readonly since: SignedCheckpoint | null;
}

/** Checks checkpoints against the events, which have all been read by then. */
export class CheckpointChecks {
  count = 0;
  readonly #crypto: LedgerCrypto;
  readonly #header: HeaderLine;
  readonly #problems: ProblemList;
  readonly #events: EventChecks;
  #last: { readonly size: number; readonly key: VerifierKey | null } | null = null;
  #goodSize = 0;
  #hasDiffered = false;

  constructor(crypto: LedgerCrypto, header: HeaderLine, problems: ProblemList, events: EventChecks) {
    this.#crypto = crypto;
    this.#header = header;
    this.#problems = problems;
    this.#events = events;
  }

  check(note: string, line: number): void {
    const checkpoint = this.#read(note, line);
    if (!checkpoint) return;

    const listed = this.#header.checkpoints[this.count];
    this.count += 1;
    if (checkpoint.size !== listed)
      this.#report(
        'checkpoint.unlisted',
        line,
        `a checkpoint of size ${listed} should stand here, not of ${checkpoint.size}`,
      );
    this.#checkOrigin(checkpoint, line);
    this.#checkRoot(checkpoint, line);
    this.#last = { size: checkpoint.size, key: this.#signerOf(checkpoint, line) };
  }

  finish({ keys, since }: Pins): void {
    this.#checkEnd();
    if (keys) this.#checkTrust(keys);
    if (since) this.#checkPin(since, keys);
  }

  #read(note: string, line: number): SignedCheckpoint | null {
    try {
      return parseCheckpoint(note);
    } catch (error) {
      if (!(error instanceof LedgerFormatError)) throw error;
      this.count += 1;
      this.#report(error.code, line, error.message);
      return null;
    }
  }

  #checkOrigin({ origin, size }: SignedCheckpoint, line: number): void {
    const expected = originAt(this.#events.ring, size);
    if (origin !== expected)
      this.#report(
        'checkpoint.other_log',
        line,
        `the checkpoint of size ${size} is of \`${origin}\`, not of \`${expected}\``,
      );
  }

  #checkRoot({ size, root }: SignedCheckpoint, line: number): void {
    if (size > this.#events.next) {
      return this.#report(
        'checkpoint.beyond_end',
        line,
        `the checkpoint covers ${size} events; there are ${this.#events.next}`,
      );
    }
    const computed = this.#events.rootAt(size);
    if (computed && equalBytes(computed, root)) this.#goodSize = size;
    else if (computed && !this.#hasDiffered) this.#reportDifference(size, line);
  }

  /** Later checkpoints differ for the same reason; the first that does bounds the place. */
  #reportDifference(size: number, line: number): void {
    this.#hasDiffered = true;
    const isExplained = this.#problems.hasWithin(this.#goodSize, size);
    this.#problems.add({
      code: 'checkpoint.root_differs',
      line,
      position: isExplained ? null : this.#goodSize,
      message: `line ${line}: the events do not give the root signed for size ${size}: the checkpoint is forged, or something changed from position ${this.#goodSize} to ${size - 1}`,
    });
  }

  /** Inside an export every signature has to be the log's: an ignored one could be altered unseen. */
  #signerOf(checkpoint: SignedCheckpoint, line: number): VerifierKey | null {
    const message = utf8(checkpointBody(checkpoint));
    let signer: VerifierKey | null = null;
    for (const signature of checkpoint.signatures) {
      const range = signature.name === checkpoint.origin && rangeFor(this.#events.ring, checkpoint, signature);
      if (!range)
        this.#report(
          'checkpoint.unknown_key',
          line,
          `${signature.name} ${signature.keyId} is no key of this log at size ${checkpoint.size}`,
        );
      else if (!this.#crypto.verifyEd25519(range.key.publicKey, message, signature.signature))
        this.#report(
          'checkpoint.bad_signature',
          line,
          `the signature by ${signature.keyId} does not fit the checkpoint of size ${checkpoint.size}`,
        );
      else signer = range.key;
    }
    return signer;
  }

  #checkEnd(): void {
    const listed = this.#header.checkpoints.length;
    if (this.count !== listed || listed === 0)
      this.#report(
        'checkpoint.missing',
        null,
        `the export lists ${listed} checkpoints and holds ${this.count}; at least one has to cover its end`,
      );

    const covered = this.#last?.size ?? 0;
    if (covered < this.#events.next)
      this.#problems.add({
        code: 'checkpoint.short_of_end',
        line: null,
        position: covered,
        message: `position ${covered}: no checkpoint covers it; the last is of size ${covered}`,
      });
  }

  #checkTrust(pinned: readonly VerifierKey[]): void {
    const signer = this.#last?.key;
    if (signer && !trustedRanges(this.#events.ring, pinned).some(({ key }) => key === signer))
      this.#report(
        'checkpoint.untrusted_key',
        null,
        `the last checkpoint is signed by ${signer.keyId}, which is neither pinned nor endorsed by a pinned key`,
      );
  }

  #checkPin(pin: SignedCheckpoint, pinned: readonly VerifierKey[] | null): void {
    const { size } = pin;
    if (!this.#events.ring.origins.some(({ origin }) => origin === pin.origin))
      this.#report('pin.other_log', null, `the pinned checkpoint is of \`${pin.origin}\`, another log than this one`);
    if (size > this.#events.next)
      this.#report(
        'pin.tail_cut',
        null,
        `the pinned checkpoint covers ${size} events; there are ${this.#events.next}: the end was cut off`,
        this.#events.next,
      );

    const computed = this.#events.rootAt(size);
    if (computed && !equalBytes(computed, pin.root))
      this.#report(
        'pin.root_differs',
        null,
        `the events do not give the root pinned for size ${size}: something before position ${size} was changed after that checkpoint was signed`,
      );
    this.#checkPinSignature(pin, pinned);
  }

  #checkPinSignature(pin: SignedCheckpoint, pinned: readonly VerifierKey[] | null): void {
    const { ring } = this.#events;
    const ranges = pinned ? trustedRanges(ring, pinned) : ring.ranges;
    const verdict = checkSignature(this.#crypto, pin, [...(pinned ?? []), ...ranges.map(({ key }) => key)]);
    if (verdict.outcome === 'unknown_key')
      this.#report(
        'pin.unknown_key',
        null,
        'the pinned checkpoint is not signed by a key that this log has or that is pinned',
      );
    if (verdict.outcome === 'invalid')
      this.#report(
        'pin.bad_signature',
        null,
        `the signature of the pinned checkpoint by ${verdict.key.keyId} is not valid`,
      );
  }

  #report(code: VerificationCode, line: number | null, what: string, position: number | null = null): void {
    this.#problems.add({ code, line, position, message: line === null ? what : `line ${line}: ${what}` });
  }
}
