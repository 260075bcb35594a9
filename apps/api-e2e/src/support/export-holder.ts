import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before an api and holds each export back after its first bytes, while something else happens. */
export interface ExportHolder {
  readonly url: string;
  /** How many exports went through. */
  readonly exports: () => number;
  close(): Promise<void>;
}

/** @param meanwhile runs during each export, given its number from 1; the rest of the export waits in the api for it. */
export async function holdExports(url: string, meanwhile: (count: number) => Promise<void>): Promise<ExportHolder> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    const passed = request(new URL(incoming.url ?? '', url), {
      ...(incoming.method !== undefined && { method: incoming.method }),
      headers: incoming.headers,
    });
    passed.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!incoming.url?.endsWith('/ledger/export')) return void answer.pipe(outgoing);
      count += 1;
      holdBack(answer, outgoing, () => meanwhile(count));
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, exports: () => count, close: () => closed(server) };
}

/** Nothing is read meanwhile, so the api stops writing once the sockets between are full. */
function holdBack(answer: IncomingMessage, outgoing: ServerResponse, meanwhile: () => Promise<void>): void {
  answer.once('data', (chunk: Buffer) => {
    answer.pause();
    outgoing.write(chunk);
    meanwhile().then(
      () => answer.pipe(outgoing),
      (error: Error) => outgoing.destroy(error),
    );
  });
}

const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
