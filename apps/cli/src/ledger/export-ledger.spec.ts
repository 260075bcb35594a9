import { mkdtemp, rm, stat, writeFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../operator/connect.ts';
import { exportLedger } from './export-ledger.ts';

let folder: string;
let server: Server;
let socket: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'export-'));
  socket = path.join(folder, 'socket');
  server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const line = '{"kind":"export"}\n';

const session = {
  get: () => Promise.resolve({ position: 0 }),
  at: (place: string) => place,
  client: { stream: () => Promise.resolve(new Response(line).body) },
} as unknown as Session;

describe('an export', () => {
  it('takes the place of a file, or of nothing', async () => {
    const file = path.join(folder, 'ledger.ndjson');
    await exportLedger(session, file);
    await writeFile(file, 'an older one');
    await exportLedger(session, file);
    expect(await readFile(file, 'utf8')).toBe(line);
  });

  // A rename would remove it; a socket stands for devices and pipes, which a failing test must not take from the machine.
  it('leaves what is no file where it is', async () => {
    await expect(exportLedger(session, socket)).rejects.toMatchObject({ exitCode: 2 });
    expect((await stat(socket)).isSocket()).toBe(true);
    await expect(exportLedger(session, folder)).rejects.toThrow(/is a folder/);
  });
});
