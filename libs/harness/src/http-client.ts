import { Agent, request } from 'node:http';

/** What came back, unjudged. `body` is the parsed JSON, or the text when it is none. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: unknown;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longer than any answer may take: a call that hangs is a failure, not a reason to wait. */
const TIMEOUT_MS = 30_000;

/** One caller on keep-alive connections. Sends exactly what it is given and retries nothing. */
export class HttpClient {
  readonly #base: URL;
  readonly #token: string | null;
  readonly #agent: Agent;

  constructor(base: string, token: string | null, connections = 64) {
    this.#base = new URL(base);
    this.#token = token;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string): Promise<HttpAnswer> {
    return this.send({ method: 'GET', path });
  }

  post(path: string, value: unknown): Promise<HttpAnswer> {
    return this.send({ method: 'POST', path, body: JSON.stringify(value) });
  }

  /** @throws what the socket says when the connection is refused, cut or silent for half a minute */
  send({ method, path, body, headers }: Sent): Promise<HttpAnswer> {
    const { hostname: host, port } = this.#base;
    const all = {
      ...(this.#token !== null && { authorization: `Bearer ${this.#token}` }),
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        { host, port, method, path, headers: all, agent: this.#agent, timeout: TIMEOUT_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))),
          );
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} was silent for ${TIMEOUT_MS} ms`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Cuts every connection, calls under way included: what a killed client looks like from the server. */
  close(): void {
    this.#agent.destroy();
  }
}

function answerOf(status: number, headers: HttpAnswer['headers'], bytes: Buffer): HttpAnswer {
  const text = bytes.toString('utf8');
  return { status, headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
