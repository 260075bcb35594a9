import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PostgresBinaries } from './binaries.ts';
import { endProcess, identify, type ProcessIdentity } from './process-identity.ts';
import { serverSettings } from './server-settings.ts';
import type { ServerUser } from './server-user.ts';

/** The server could not be started, or ended by itself; the message carries its own last words. */
export class PostgresFailed extends Error {
  readonly code = 'embedded.postgres_failed';
  override readonly name = 'PostgresFailed';
}

interface ServerStart {
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly user: ServerUser | null;
}

export interface RunningServer {
  readonly pid: number;
  /** Settles when the server process is gone, whether asked to or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

/** Replaying the log after a crash is bounded by `max_wal_size`; slow disks still need a while for two gigabytes. */
const RECOVERY_PATIENCE_MS = 180_000;
const SHUTDOWN_PATIENCE_MS = 60_000;
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Starts the server and waits until it accepts connections.
 * It leads a process group of its own: Ctrl-C in a terminal reaches the supervisor only, which stops the server last.
 */
export async function startServer(binaries: PostgresBinaries, place: ServerStart): Promise<RunningServer> {
  const log = await openLog(place.logFile);
  const owner = place.user === null ? {} : { uid: place.user.uid, gid: place.user.gid };
  const server = spawn(binaries.postgres, ['-D', place.folder, ...serverSettings(place.port)], {
    ...owner,
    cwd: '/',
    detached: true,
    env: { LC_ALL: 'C' },
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = once(server, 'exit').then(() => undefined);
  // A failure to spawn is reported by whoever awaits `ended`; without a listener it would end the whole process.
  ended.catch(() => undefined);
  await log.close();
  const pid = await untilReady(server.pid, ended, place).catch((error: unknown) => {
    server.kill('SIGINT');
    throw error;
  });
  const identity = await identify(pid);
  return {
    pid,
    ended,
    stop: async () => {
      if (identity) await endProcess(identity, 'SIGINT', SHUTDOWN_PATIENCE_MS);
      await ended;
    },
  };
}

async function openLog(file: string) {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > LOG_BYTES_MAX) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

/** `postmaster.pid` says `ready` in its eighth line, which is what `pg_ctl --wait` looks at too. */
async function untilReady(pid: number | undefined, ended: Promise<void>, place: ServerStart): Promise<number> {
  const end = ended.catch(() => undefined).then(() => 'ended' as const);
  const giveUpAt = Date.now() + RECOVERY_PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    if (pid !== undefined && (await isReady(place.folder, pid))) return pid;
    if ((await Promise.race([end, pause(15)])) === 'ended') throw await failure('did not start', place);
  }
  throw await failure('was not ready within three minutes', place);
}

async function isReady(folder: string, pid: number): Promise<boolean> {
  const note = await readPostmasterFile(folder);
  return note?.pid === pid && note.status === 'ready';
}

async function failure(what: string, { logFile }: ServerStart): Promise<PostgresFailed> {
  return new PostgresFailed(`the embedded Postgres ${what}; see ${logFile}\n${await lastWords(logFile)}`);
}

async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-4).join('\n');
}

interface PostmasterFile {
  readonly pid: number;
  readonly folder: string;
  readonly status: string;
}

async function readPostmasterFile(folder: string): Promise<PostmasterFile | null> {
  const text = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isSafeInteger(pid) || pid <= 1) return null;
  return { pid, folder: lines[1]?.trim() ?? '', status: lines[7]?.trim() ?? '' };
}

/**
 * Stops a server that outlived its supervisor in this folder, and clears a pid file whose number now belongs to
 * somebody else (Postgres would believe that one to be its twin and refuse to start).
 */
export async function stopOrphan(folder: string): Promise<void> {
  const note = await readPostmasterFile(folder);
  if (note === null) return;
  const identity = await identify(note.pid);
  if (identity === null) return;
  if (await isServerOf(folder, note, identity)) await endProcess(identity, 'SIGINT', SHUTDOWN_PATIENCE_MS);
  else await rm(path.join(folder, 'postmaster.pid'), { force: true });
}

/** Only a process that itself says it is a Postgres of this very folder is ours to stop. */
async function isServerOf(folder: string, note: PostmasterFile, { pid }: ProcessIdentity): Promise<boolean> {
  if (note.folder !== folder) return false;
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...rest] = command.split('\0');
  return path.basename(program) === 'postgres' && rest.includes(folder);
}
