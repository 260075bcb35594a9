/** Longer than the line that ends an overtaken export. */
const TAIL_BYTES = 128;
const NEWLINE = 10;

/** Counts the lines of an export as its bytes pass, and knows how it ended. */
export class ExportLineCount {
  lines = 0;
  #tail = Buffer.alloc(0);

  add(chunk: Uint8Array): void {
    for (const byte of chunk) if (byte === NEWLINE) this.lines += 1;
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  }

  /** The position whose erasure overtook the export; null when nothing did. Meaningful once everything was added. */
  get overtakenAt(): number | null {
    // No other line can end so: within a payload, quotes are escaped.
    const [, position] = /(?:^|\n)\{"kind":"overtaken","position":(\d+)\}\n$/.exec(this.#tail.toString('latin1')) ?? [];
    return position === undefined ? null : Number(position);
  }
}
