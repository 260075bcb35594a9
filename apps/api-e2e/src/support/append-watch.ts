/** Message types of the frontend, PostgreSQL 17 documentation §53.7. The startup message alone has no type byte. */
const PARSE = 'P';
const BIND = 'B';
const QUERY = 'Q';

const COMMIT = /^\s*commit\s*;?\s*$/i;
/** An append; not the look-up of a lost commit, nor a transaction that only read. */
const APPENDS = /insert into ledger\.events/i;

/**
 * Reads what a client sends to Postgres and tells when it commits an append. Statements are prepared once and run by
 * name afterwards, so names are remembered with their text.
 */
export class AppendWatch {
  readonly #prepared = new Map<string, string>();
  #pending: Buffer = Buffer.alloc(0);
  #hasStarted = false;
  #hasAppended = false;

  /** Whether the chunk holds the end of such a commit. Every chunk must be shown, in order. */
  commitsAppend(chunk: Buffer): boolean {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let commits = false;
    for (let sql = this.#nextStatement(); sql !== null; sql = this.#nextStatement()) {
      if (APPENDS.test(sql)) this.#hasAppended = true;
      if (!COMMIT.test(sql)) continue;
      commits ||= this.#hasAppended;
      this.#hasAppended = false;
    }
    return commits;
  }

  /** The text that the next complete message runs, empty for one that runs none; null when none is complete. */
  #nextStatement(): string | null {
    const typed = this.#hasStarted ? 1 : 0;
    if (this.#pending.length < typed + 4) return null;
    const end = typed + this.#pending.readUInt32BE(typed);
    if (this.#pending.length < end) return null;
    const message = this.#pending.subarray(0, end);
    this.#pending = this.#pending.subarray(end);
    if (this.#hasStarted) return this.#statementOf(String.fromCharCode(message[0] ?? 0), message.subarray(5));
    this.#hasStarted = true;
    return '';
  }

  #statementOf(type: string, body: Buffer): string {
    if (type === QUERY) return textAt(body, 0);
    const first = textAt(body, 0);
    if (type === PARSE) this.#prepared.set(first, textAt(body, Buffer.byteLength(first) + 1));
    if (type === BIND) return this.#prepared.get(textAt(body, Buffer.byteLength(first) + 1)) ?? '';
    return '';
  }
}

const textAt = (bytes: Buffer, from: number) => bytes.toString('utf8', from, bytes.indexOf(0, from));
