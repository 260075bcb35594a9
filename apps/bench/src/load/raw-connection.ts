import { connect, type Socket } from 'node:net';

/** An answer as bytes: nothing is parsed that nobody asks for. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * One keep-alive connection with one request in flight. Understands exactly as much HTTP as our servers speak: a status
 * line and a Content-Length. A full client would cost the generator more than the server spends on the answer.
 */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #length = 0;
  /** Of head and body together; unknown until the head has arrived. */
  #expected = -1;
  #bodyAt = 0;
  #waiting: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const fail = (error?: Error) => this.#fail(error ?? new Error('the connection was closed'));
    socket.on('error', fail);
    socket.on('close', () => fail());
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket));
      });
    });
  }

  send(bytes: Buffer | string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection was closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#length += chunk.length;
    if (this.#expected < 0) this.#readHead();
    if (this.#expected < 0 || this.#length < this.#expected) return;

    const bytes = this.#joined();
    const answer = {
      status: Number(bytes.toString('latin1', 9, 12)),
      body: bytes.subarray(this.#bodyAt, this.#expected),
    };
    this.#received = [];
    this.#length = 0;
    this.#expected = -1;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(answer);
  }

  #readHead(): void {
    const bytes = this.#joined();
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.#received = [bytes];
    const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1];
    if (length === undefined) return this.#fail(new Error('an answer without Content-Length'));
    this.#bodyAt = end + 4;
    this.#expected = this.#bodyAt + Number(length);
  }

  #joined(): Buffer {
    const [first = Buffer.alloc(0), ...rest] = this.#received;
    return rest.length === 0 ? first : Buffer.concat(this.#received);
  }

  #fail(error: Error): void {
    this.#socket.destroy();
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
