import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedPostgres, type DataDirectory, type EmbeddedPostgres } from '@countersign/embedded';

export interface KeptDatabase {
  /** The server that runs now; after it moved to another port, another one. */
  readonly server: EmbeddedPostgres;
  stop(): Promise<void>;
}

interface Listener {
  readonly say: (line: string) => void;
  /** The server came back under another URL. */
  readonly onMoved: () => void;
}

/** Half a second at the first start, and the first hundred thousand events wait for no log file. */
const LOG_AHEAD_MIB = 128;

/** Starts the embedded Postgres, and again whenever it ends by itself; committed work survives that. */
export async function keepDatabase(directory: DataDirectory, { say, onMoved }: Listener): Promise<KeptDatabase> {
  let server = await startEmbeddedPostgres(directory, { logAheadMiB: LOG_AHEAD_MIB });
  const stopping = new AbortController();

  const revive = async (): Promise<void> => {
    const before = server.appUrl;
    try {
      server = await startEmbeddedPostgres(directory);
    } catch (error) {
      say((error as Error).message);
      await pause(1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
      return;
    }
    if (server.appUrl !== before) onMoved();
  };

  const keep = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (stopping.signal.aborted) return;
      say('the database ended by itself; starting it again');
      await revive();
      // Whoever asked for the end meanwhile knew only the server before this one.
      if (stopping.signal.aborted) return server.stop();
    }
  };
  const kept = keep();

  return {
    get server() {
      return server;
    },
    stop: async () => {
      stopping.abort();
      await server.stop();
      await kept;
    },
  };
}
