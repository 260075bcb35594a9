import { rm } from 'node:fs/promises';
import { temporaryDataDirectory } from '@countersign/embedded';
import { expect, it } from 'vitest';
import { keepDatabase } from './kept-database.ts';

it('ends a database that was coming back when it was told to stop', async () => {
  const directory = await temporaryDataDirectory();
  let isBack = () => {};
  const said = new Promise<void>((resolve) => (isBack = resolve));
  const kept = await keepDatabase(directory, { say: () => isBack(), onMoved: () => undefined });
  // The server leads a process group of its own, so this reaches its backends and nothing else.
  process.kill(-kept.server.pid, 'SIGKILL');
  await said;
  await kept.stop();

  const { pid } = kept.server;
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await directory.release();
  await rm(directory.path, { recursive: true, force: true });
}, 60_000);
