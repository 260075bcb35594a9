import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { replaceClaim, takeClaim } from './claim.ts';
import { makeFolders } from './make-folders.ts';
import { endProcess, identify, isRunning, type ProcessIdentity } from './process-identity.ts';

/** A data directory that this process, and no other, works in until it releases it or ends. */
export interface DataDirectory {
  readonly path: string;
  /**
   * Notes a process that must not outlive this one. Should this one be killed, the next supervisor of the directory
   * ends whatever is noted and still runs. Not for Postgres, which has a pid file of its own and its own way to stop.
   */
  noteChild(pid: number): Promise<void>;
  /** Frees the directory for the next supervisor. The children must have ended. */
  release(): Promise<void>;
}

/** Others may pass through, not look around: as root, the server runs as another user and must reach its own folder. */
const PASSABLE = 0o711;

/** A data directory that nobody used before, in the system's folder for temporary files; whoever asked removes it. */
export async function temporaryDataDirectory(): Promise<DataDirectory> {
  const directory = await mkdtemp(path.join(tmpdir(), 'countersign-'));
  await chmod(directory, PASSABLE);
  return lockDataDirectory(directory);
}

/**
 * Takes the directory, creating it when it does not exist, and ends the children of a supervisor that was killed in it.
 * The claim names its process by pid and start time, so neither a crash nor a reused pid blocks the next start.
 *
 * @throws DataDirectoryInUse while another supervisor is alive
 */
export async function lockDataDirectory(directory: string): Promise<DataDirectory> {
  const root = path.resolve(directory);
  if (await makeFolders(root)) await chmod(root, PASSABLE);
  const supervisor = await myself();
  const { file, orphans } = await takeClaim(root, supervisor);
  await Promise.all(orphans.map((orphan) => endProcess(orphan, 'SIGTERM', 5_000)));

  const children: ProcessIdentity[] = [];
  return {
    path: root,
    async noteChild(pid) {
      const child = await identify(pid);
      if (child === null) return;
      const alive = await Promise.all(children.map(isRunning));
      children.splice(0, children.length, ...children.filter((_, index) => alive[index]), child);
      await replaceClaim(file, { supervisor, children });
    },
    release: () => rm(file, { force: true }),
  };
}

async function myself(): Promise<ProcessIdentity> {
  const identity = await identify(process.pid);
  if (identity === null) throw new Error('this system does not say when a process started; embedded Postgres needs it');
  return identity;
}
