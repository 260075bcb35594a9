import type { LedgerFormatCode } from '../format-error.ts';
import type { KeyProblem } from '../checkpoint/index.ts';

/** What a verifier can find wrong. Permanent. */
export type VerificationCode =
  | LedgerFormatCode
  | KeyProblem['code']
  | 'export.not_utf8'
  | 'export.line_too_long'
  | 'export.unterminated'
  | 'export.header_missing'
  | 'export.out_of_order'
  | 'export.overtaken'
  | 'event.missing'
  | 'event.repeated'
  | 'event.altered'
  | 'event.time_backwards'
  | 'payload.altered'
  | 'payload.erased_unrecorded'
  | 'payload.not_erased'
  | 'erasure.ahead'
  | 'ledger_event.malformed'
  | 'ledger_event.erased'
  | 'restore.root_differs'
  | 'checkpoint.missing'
  | 'checkpoint.unlisted'
  | 'checkpoint.other_log'
  | 'checkpoint.beyond_end'
  | 'checkpoint.short_of_end'
  | 'checkpoint.root_differs'
  | 'checkpoint.unknown_key'
  | 'checkpoint.bad_signature'
  | 'checkpoint.untrusted_key'
  | 'keys.differ'
  | 'pin.other_log'
  | 'pin.tail_cut'
  | 'pin.root_differs'
  | 'pin.unknown_key'
  | 'pin.bad_signature';

export interface VerificationProblem {
  readonly code: VerificationCode;
  /** From 1; null for what is missing rather than wrong. */
  readonly line: number | null;
  /** The event it is about, or the first it can be about; null when no position can be told. */
  readonly position: number | null;
  readonly message: string;
}

export interface VerificationReport {
  readonly ok: boolean;
  readonly organization: string | null;
  readonly events: number;
  readonly checkpoints: number;
  /** Base64, of all events read; null when a line is missing, for then there is no tree. */
  readonly root: string | null;
  /** The smallest position any problem names. */
  readonly firstBadPosition: number | null;
  /** The first hundred. */
  readonly problems: readonly VerificationProblem[];
  readonly problemsInAll: number;
  readonly payloads: { readonly present: number; readonly erased: number; readonly altered: number };
  /** Which things from elsewhere it was checked against. */
  readonly pins: { readonly signer: boolean; readonly checkpoint: boolean };
  /** Both: only then does `ok` speak of changes made by whoever holds the log and its key. */
  readonly pinned: boolean;
  /** One line for people. */
  readonly summary: string;
}

/** A wholly damaged file has a problem on every line; nobody reads more than this, and memory stays bounded. */
const PROBLEMS_MAX = 100;

/** Gathers what is wrong, in the order in which it is met. */
export class ProblemList {
  readonly problems: VerificationProblem[] = [];
  inAll = 0;
  firstBadPosition: number | null = null;

  add(problem: VerificationProblem): void {
    this.inAll += 1;
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(problem);
    const { position } = problem;
    if (position !== null) this.firstBadPosition = Math.min(position, this.firstBadPosition ?? position);
  }

  /** Whether one of the kept problems names a position in [from, to). */
  hasWithin(from: number, to: number): boolean {
    return this.problems.some(({ position }) => position !== null && position >= from && position < to);
  }
}

/** Says no more than was proved: without pins the end and the signer are only as good as the file itself. */
export function summaryOf(
  { problems, inAll, firstBadPosition }: ProblemList,
  events: number,
  pins: { readonly signer: boolean; readonly pinnedSize: number | null },
): string {
  if (inAll > 0) {
    const where = firstBadPosition === null ? '' : ` first bad position ${firstBadPosition};`;
    return `not consistent:${where} ${problems[0]?.message}${inAll > 1 ? ` (and ${inAll - 1} more)` : ''}`;
  }
  const known = [`consistent to position ${events - 1}`];
  if (pins.pinnedSize !== null) known.push(`unchanged to position ${pins.pinnedSize - 1} since the pinned checkpoint`);
  if (pins.signer) known.push('signed by a pinned key');
  return [...known, ...unchecked(pins)].join('; ');
}

function unchecked({ signer, pinnedSize }: { signer: boolean; pinnedSize: number | null }): readonly string[] {
  const missing = [...(pinnedSize === null ? ['end'] : []), ...(signer ? [] : ['signer'])];
  return missing.length === 0 ? [] : [`${missing.join(' and ')} not checked against anything from elsewhere`];
}
