import { parseCheckpoint, parseVkey } from '../checkpoint/index.ts';
import type { LedgerCrypto } from '../crypto.ts';
import { LedgerFormatError } from '../format-error.ts';
import { CheckpointChecks, type Pins } from './checkpoint-checks.ts';
import { EventChecks } from './event-checks.ts';
import {
  keyLine,
  readExportLine,
  type ExportLine,
  type HeaderLine,
  type KeyLine,
  type OvertakenLine,
} from './export-lines.ts';
import { LineSplitter, type SplitLine } from './line-splitter.ts';
import { ProblemList, summaryOf, type VerificationCode, type VerificationReport } from './verification-report.ts';

/** What the person who verifies brings along. Without any of it only self-consistency is proved. */
export interface VerificationPins {
  /** Keys of the log as `name+keyid+base64`, obtained elsewhere. */
  readonly keys?: readonly string[];
  /** A checkpoint of the log as text, obtained earlier and elsewhere. */
  readonly since?: string;
}

const PHASES = ['export', 'event', 'checkpoint', 'key', 'overtaken'] as const;

/** What exists once the header is read. */
interface Checks {
  readonly header: HeaderLine;
  readonly events: EventChecks;
  readonly checkpoints: CheckpointChecks;
}

/**
 * Checks an export in one pass, without a server and without trusting whoever made it. Memory grows with the logarithm
 * of the events, with the checkpoints, and with the erased positions.
 *
 * Feed it everything, with `push` (bytes) or `line` (decoded lines), then ask `finish` once.
 */
export class ExportVerifier {
  readonly #crypto: LedgerCrypto;
  readonly #pins: Pins;
  readonly #problems = new ProblemList();
  readonly #splitter = new LineSplitter();
  readonly #keyLines: KeyLine[] = [];
  #checks: Checks | null = null;
  #phase = 0;
  #isOvertaken = false;
  #lines = 0;

  /** @throws {LedgerFormatError} for a pin that cannot be read: that is the caller's mistake, not the export's. */
  constructor(crypto: LedgerCrypto, { keys, since }: VerificationPins = {}) {
    this.#crypto = crypto;
    this.#pins = {
      keys: keys && keys.length > 0 ? keys.map((vkey) => parseVkey(crypto, vkey)) : null,
      since: since === undefined ? null : parseCheckpoint(since),
    };
  }

  /** Any part of the file, in order. Cuts lines where the bytes say so and decodes them strictly. */
  push(chunk: Uint8Array): void {
    for (const line of this.#splitter.push(chunk)) this.#take(line);
  }

  /** One decoded line without its newline. For callers that decode strictly themselves. */
  line(text: string): void {
    this.#take({ text });
  }

  finish(): VerificationReport {
    for (const line of this.#splitter.finish()) this.#take(line);
    if (this.#checks && !this.#isOvertaken) this.#finishChecks(this.#checks);
    if (!this.#checks)
      this.#report('export.header_missing', 'the first line must be the header of an export: nothing else was checked');
    return this.#reportOf();
  }

  #take(line: SplitLine): void {
    this.#lines += 1;
    if ('text' in line) return this.#read(line.text);
    const [code, message] = UNREADABLE[line.unreadable];
    this.#reportUnreadable(code, message);
  }

  #read(text: string): void {
    try {
      this.#dispatch(readExportLine(text));
    } catch (error) {
      if (!(error instanceof LedgerFormatError)) throw error;
      this.#reportUnreadable(error.code, error.message);
    }
  }

  #dispatch(line: ExportLine): void {
    if (line.kind === 'export' && this.#lines === 1) return this.#start(line);
    const phase = PHASES.indexOf(line.kind);
    if (phase < this.#phase || line.kind === 'export')
      return this.#report('export.out_of_order', `a line of kind \`${line.kind}\` must not stand here`);
    this.#phase = phase;
    this.#check(line);
  }

  #start(header: HeaderLine): void {
    const { since } = this.#pins;
    const sizes = since ? [...header.checkpoints, since.size] : header.checkpoints;
    const events = new EventChecks(this.#crypto, header, this.#problems, sizes);
    const checkpoints = new CheckpointChecks(this.#crypto, header, this.#problems, events);
    this.#checks = { header, events, checkpoints };
    this.#checkHeader(header);
  }

  #checkHeader({ organization, origin, checkpoints }: HeaderLine): void {
    if (!isOriginOf(origin, organization))
      this.#report('checkpoint.other_log', `\`origin\` must be <host>/${organization}, not \`${origin}\``);
    if (checkpoints.some((size, index) => index > 0 && size <= (checkpoints[index - 1] ?? 0)))
      this.#report('checkpoint.unlisted', '`checkpoints` must be sizes in ascending order');
  }

  #check(line: Exclude<ExportLine, HeaderLine>): void {
    if (line.kind === 'key') this.#keyLines.push(line);
    else if (line.kind === 'overtaken') this.#endOvertaken(line);
    else if (line.kind === 'event') this.#checks?.events.check(line, this.#lines);
    else this.#checks?.checkpoints.check(line.note, this.#lines);
  }

  /** What is missing after it is missing for this one reason. */
  #endOvertaken({ position }: OvertakenLine): void {
    this.#isOvertaken = true;
    const message = `line ${this.#lines}: position ${position} was erased while the export was written, by an event that it does not reach: export again`;
    this.#problems.add({ code: 'export.overtaken', line: this.#lines, position, message });
  }

  #finishChecks({ events, checkpoints }: Checks): void {
    events.finish();
    checkpoints.finish(this.#pins);
    const expected = events.ring.ranges.map(keyLine);
    if (JSON.stringify(expected) !== JSON.stringify(this.#keyLines))
      this.#problems.add({
        code: 'keys.differ',
        line: null,
        position: null,
        message: 'the key lines are not the keys that the events add and retire',
      });
  }

  #reportUnreadable(code: VerificationCode, message: string): void {
    const events = this.#phase <= 1 ? this.#checks?.events : undefined;
    const position = events?.next ?? null;
    events?.skipUnreadable();
    this.#problems.add({ code, line: this.#lines, position, message: `line ${this.#lines}: ${message}` });
  }

  #report(code: VerificationCode, message: string): void {
    this.#problems.add({ code, line: this.#lines, position: null, message: `line ${this.#lines}: ${message}` });
  }

  #reportOf(): VerificationReport {
    const checked = this.#checks ? whatWasChecked(this.#checks) : NOTHING_CHECKED;
    const pins = { signer: this.#pins.keys !== null, checkpoint: this.#pins.since !== null };
    return {
      ok: this.#problems.inAll === 0,
      ...checked,
      firstBadPosition: this.#problems.firstBadPosition,
      problems: this.#problems.problems,
      problemsInAll: this.#problems.inAll,
      pins,
      pinned: pins.signer && pins.checkpoint,
      summary: summaryOf(this.#problems, checked.events, { ...pins, pinnedSize: this.#pins.since?.size ?? null }),
    };
  }
}

type Checked = Pick<VerificationReport, 'organization' | 'events' | 'checkpoints' | 'root' | 'payloads'>;

function whatWasChecked({ header, events, checkpoints }: Checks): Checked {
  return {
    organization: header.organization,
    events: events.events,
    checkpoints: checkpoints.count,
    root: events.root(),
    payloads: events.payloads,
  };
}

const NOTHING_CHECKED: Checked = {
  organization: null,
  events: 0,
  checkpoints: 0,
  root: null,
  payloads: { present: 0, erased: 0, altered: 0 },
};

const UNREADABLE = {
  not_utf8: ['export.not_utf8', 'the line is not valid UTF-8'],
  too_long: ['export.line_too_long', 'the line is over 16 MiB, longer than any an export writes'],
  unterminated: ['export.unterminated', 'the last line must end in a newline: the end of the file is missing'],
} as const satisfies Record<string, readonly [VerificationCode, string]>;

/** `<host>/<organization id>`, and one segment more after each restore. */
export const isOriginOf = (origin: string, organization: string) => origin.split('/')[1] === organization;
