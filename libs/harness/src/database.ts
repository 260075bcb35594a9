import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  startEmbeddedPostgres,
  temporaryDataDirectory,
  type EmbeddedPostgres,
  type EmbeddedPostgresWish,
} from '@countersign/embedded';
import { migrate } from '@countersign/migrations';

/** A migrated Postgres that nobody else uses, in a temporary folder, and that may be killed. */
export interface Database {
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly superuserUrl: string;
  readonly port: number;
  /** Of the server that runs now. */
  pid(): number;
  /** SIGKILL to the server and all its backends at once, then a start that recovers from the log. */
  killAndRestart(): Promise<void>;
  /** Stops the server, copies its files and starts it again. The answer puts the copy in their place, as a restore does. */
  backUp(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** With owner, rights and times: the server refuses files that are not its own. */
const copyOf = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);

/** About two seconds. */
export async function startDatabase(wish: EmbeddedPostgresWish = {}): Promise<Database> {
  const directory = await temporaryDataDirectory();
  let server: EmbeddedPostgres = await startEmbeddedPostgres(directory, wish);
  const { adminUrl, appUrl, superuserUrl, appPassword, port } = server;
  const remove = async () => {
    await server.stop();
    await directory.release();
    await rm(directory.path, { recursive: true, force: true });
  };
  try {
    await migrate(adminUrl, { appPassword });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    adminUrl,
    appUrl,
    superuserUrl,
    port,
    pid: () => server.pid,
    killAndRestart: async () => {
      // The server leads a process group of its own, so this reaches its backends and nothing else.
      process.kill(-server.pid, 'SIGKILL');
      await server.ended;
      server = await startEmbeddedPostgres(directory);
      checkPort(server.port, port);
    },
    backUp: async () => {
      const [files, copy] = ['postgres', 'backup'].map((name) => path.join(directory.path, name)) as [string, string];
      const whileStopped = async (work: () => Promise<unknown>) => {
        await server.stop();
        await work();
        server = await startEmbeddedPostgres(directory);
        checkPort(server.port, port);
      };
      await whileStopped(() => copyOf(files, copy));
      return () =>
        whileStopped(async () => {
          await rm(files, { recursive: true });
          await copyOf(copy, files);
        });
    },
    stop: remove,
  };
}

function checkPort(port: number, wanted: number): void {
  if (port !== wanted) throw new Error(`Postgres came back on port ${port} instead of ${wanted}: somebody took it`);
}
