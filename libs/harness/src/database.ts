import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres, temporaryDataDirectory, type EmbeddedPostgres } from '@countersign/embedded';
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
  stop(): Promise<void>;
}

/** About two seconds. */
export async function startDatabase(): Promise<Database> {
  const directory = await temporaryDataDirectory();
  let server: EmbeddedPostgres = await startEmbeddedPostgres(directory);
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
      if (server.port !== port)
        throw new Error(`Postgres came back on port ${server.port} instead of ${port}: somebody took it`);
    },
    stop: remove,
  };
}
