import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { endProcess, identify, isRunning, type ProcessIdentity } from './process-identity.ts';

const Identity = z.object({ pid: z.number().int(), started: z.string() });
const Claim = z.object({ supervisor: Identity, children: z.array(Identity) });
type Claim = z.infer<typeof Claim>;

/** Another supervisor works in this directory; two Postgres on one directory would destroy it. */
export class DataDirectoryInUse extends Error {
  readonly code = 'embedded.in_use';
  override readonly name = 'DataDirectoryInUse';
  constructor(directory: string, pid: number) {
    super(`countersign already runs in ${directory} (process ${pid}); stop it first, or set COUNTERSIGN_DATA_DIR`);
  }
}

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
  if ((await mkdir(root, { recursive: true })) !== undefined) await chmod(root, PASSABLE);
  const file = path.join(root, 'supervisor.json');
  const supervisor = await myself();
  const orphans = await claim(file, root, { supervisor, children: [] });
  await Promise.all(orphans.map((orphan) => endProcess(orphan, 'SIGTERM', 5_000)));

  const children: ProcessIdentity[] = [];
  return {
    path: root,
    async noteChild(pid) {
      const child = await identify(pid);
      if (child === null) return;
      const alive = await Promise.all(children.map(isRunning));
      children.splice(0, children.length, ...children.filter((_, index) => alive[index]), child);
      await replace(file, { supervisor, children });
    },
    release: () => rm(file, { force: true }),
  };
}

async function myself(): Promise<ProcessIdentity> {
  const identity = await identify(process.pid);
  if (identity === null) throw new Error('this system does not say when a process started; embedded Postgres needs it');
  return identity;
}

/** Writes our claim where there is none, or where the claimant is gone; gives the processes it left behind. */
async function claim(file: string, root: string, ours: Claim): Promise<ProcessIdentity[]> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await createClaim(file, ours)) return [];
    const theirs = await readClaim(file);
    if (theirs === null) continue;
    if (await isRunning(theirs.supervisor)) throw new DataDirectoryInUse(root, theirs.supervisor.pid);
    if ((await removeClaimOf(file, theirs)) && (await createClaim(file, ours))) return theirs.children;
  }
  throw new Error(`could not claim ${root}: others keep claiming it`);
}

/** A hard link fails when the name exists and shows a whole file when it does not: there is never half a claim. */
async function createClaim(file: string, ours: Claim): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(ours), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves the dead claim aside; another supervisor may have moved it first and put its own there, which goes back. */
async function removeClaimOf(file: string, dead: Claim): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return false;
  }
  const moved = await readClaim(aside);
  const isTheDead = moved !== null && moved.supervisor.started === dead.supervisor.started;
  if (!isTheDead) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
  return isTheDead;
}

async function readClaim(file: string): Promise<Claim | null> {
  try {
    return Claim.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file} is not a claim of ours; remove it when no countersign runs here`, { cause: error });
  }
}

async function replace(file: string, claimed: Claim): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(claimed), { mode: 0o600 });
  await rename(draft, file);
}
