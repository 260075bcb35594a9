import { connect } from 'node:net';

/** What a connection answered to bytes that need not be a request. */
export interface RawAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: unknown;
}

/** Longer than an answer to bytes that are all there may take. */
const SILENCE_MS = 10_000;

/** Sends exactly these bytes on a connection of their own, and reads until it is closed. */
export async function sendBytes(port: number, bytes: string): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error(`was silent for ${SILENCE_MS} ms: ${received}`)));
    // A server that refuses while more is on its way resets the connection; what it said before counts.
    socket.on('error', (error) => (received === '' ? reject(error) : resolve(received)));
    socket.on('close', () => resolve(received));
  });
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    mediaType: /^content-type: ([^;\r]+)/im.exec(head)?.[1] ?? '',
    body: JSON.parse(body || 'null'),
  };
}
