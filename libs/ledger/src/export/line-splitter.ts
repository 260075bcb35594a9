import { concatBytes } from '../bytes.ts';

/** More than the largest event there is (256 KiB of action, escaped twice), and less than what hurts. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** A line, or why these bytes are none. */
export type SplitLine = { readonly text: string } | { readonly unreadable: 'not_utf8' | 'too_long' | 'unterminated' };

const NEWLINE = 0x0a;

/**
 * Cuts bytes into lines, strictly: an undecodable byte or a missing last newline is reported instead of repaired,
 * because a lenient reader would let a changed file pass.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #parts: Uint8Array[] = [];
  #length = 0;

  /** Lines completed by these bytes. Keeps a copy of what is left over. */
  *push(chunk: Uint8Array): Generator<SplitLine> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    this.#keep(chunk.slice(start));
  }

  /** What stands after the last newline, which should be nothing. */
  *finish(): Generator<SplitLine> {
    if (this.#length > 0) yield { unreadable: 'unterminated' };
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length <= LINE_BYTES_MAX) this.#parts.push(part);
  }

  #take(): SplitLine {
    const parts = this.#parts;
    const tooLong = this.#length > LINE_BYTES_MAX;
    this.#parts = [];
    this.#length = 0;
    return tooLong ? { unreadable: 'too_long' } : this.#decode(parts);
  }

  #decode(parts: readonly Uint8Array[]): SplitLine {
    const whole = parts.length === 1 ? parts[0] : concatBytes(...parts);
    try {
      return { text: this.#decoder.decode(whole) };
    } catch {
      return { unreadable: 'not_utf8' };
    }
  }
}
