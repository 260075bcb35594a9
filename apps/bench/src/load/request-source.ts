import { randomUUID } from 'node:crypto';
import { SLOT, type Job } from './job.ts';

/**
 * Makes the bytes of one request after another without building strings: the body is a template whose ids are
 * overwritten in place. One source serves one connection, which has sent its bytes before it asks for the next.
 */
export class RequestSource {
  readonly #bytes: Buffer;
  readonly #slots: readonly number[];
  readonly #prefix = randomUUID().slice(0, 24);
  #count = 0;

  constructor({ path, token, body }: Job) {
    const head = headOf(path, token, Buffer.byteLength(body));
    this.#bytes = Buffer.from(head + body);
    this.#slots = slotsOf(this.#bytes);
  }

  next(): Buffer {
    for (const slot of this.#slots) {
      this.#count += 1;
      this.#bytes.write(this.#prefix + this.#count.toString(16).padStart(12, '0'), slot, 'latin1');
    }
    return this.#bytes;
  }
}

export function headOf(path: string, token: string, length: number): string {
  return (
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
  );
}

function slotsOf(bytes: Buffer): readonly number[] {
  const slots: number[] = [];
  for (let at = bytes.indexOf(SLOT); at >= 0; at = bytes.indexOf(SLOT, at + SLOT.length)) slots.push(at);
  return slots;
}
