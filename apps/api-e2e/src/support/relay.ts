import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP relay with an address of its own: what is behind it may change, and answers may be lost on their way back. */
export interface Relay {
  readonly url: string;
  /** How many answers were lost. */
  lost(): number;
  close(): Promise<void>;
}

interface RelayWish {
  readonly target: () => string;
  /** Whether an answer is lost: the server has done its work, and the client hears nothing. */
  readonly loses?: (body: string) => boolean;
}

export async function startRelay({ target, loses = () => false }: RelayWish): Promise<Relay> {
  let lost = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const { hostname: host, port } = new URL(target());
    const upstream = request({ host, port, method, path, headers }, (answer) => {
      textOf(answer).then(
        (text) => {
          if (!loses(text)) return send(outgoing, answer, text);
          lost += 1;
          outgoing.destroy();
        },
        () => outgoing.destroy(),
      );
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost: () => lost,
    close: () => closing(server),
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The answer is whole here, whatever way it came in. */
function send(outgoing: ServerResponse, { statusCode = 502, headers }: IncomingMessage, text: string): void {
  const { 'transfer-encoding': _, connection: __, ...others } = headers;
  outgoing.writeHead(statusCode, others);
  outgoing.end(text);
}

async function closing(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
