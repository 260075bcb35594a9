import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

// Who supervises a data directory stands in `supervisor.<n>.json`; the highest number counts. A dead claim is never
// replaced, it is outnumbered: making a file that must not exist yet is the one step of a file system that two cannot
// both take. (Moving the dead claim away and making a new one let two through in one of fifteen races.)

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

/** What the new supervisor got: the file of its claim, and the processes that the one before left behind. */
export interface TakenClaim {
  readonly file: string;
  readonly orphans: readonly ProcessIdentity[];
}

/** @throws DataDirectoryInUse while the claimant is alive */
export async function takeClaim(root: string, supervisor: ProcessIdentity): Promise<TakenClaim> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const last = await lastNumber(root);
    const theirs = last === 0 ? nobody : await readClaim(fileOf(root, last));
    // It was released since we looked.
    if (theirs === null) continue;
    if (theirs !== nobody && (await isRunning(theirs.supervisor)))
      throw new DataDirectoryInUse(root, theirs.supervisor.pid);
    if (await outnumber(root, last, supervisor)) return { file: fileOf(root, last + 1), orphans: theirs.children };
  }
  throw new Error(`could not claim ${root}: others keep claiming it`);
}

/** Changes what our own claim says, at once. */
export async function replaceClaim(file: string, claim: Claim): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(claim), { mode: 0o600 });
  await rename(draft, file);
}

const nobody: Claim = { supervisor: { pid: 0, started: '' }, children: [] };

/**
 * Makes the next claim. Somebody slow may have looked before two others came and went, and make a number that is no
 * longer the highest: that one steps back.
 */
async function outnumber(root: string, last: number, supervisor: ProcessIdentity): Promise<boolean> {
  const file = fileOf(root, last + 1);
  if (!(await create(file, { supervisor, children: [] }))) return false;
  const isHighest = (await lastNumber(root)) === last + 1;
  const superfluous = isHighest ? (await numbers(root)).filter((number) => number <= last) : [last + 1];
  await Promise.all(superfluous.map((number) => rm(fileOf(root, number), { force: true })));
  return isHighest;
}

/** A hard link fails when the name exists and shows a whole file when it does not: there is never half a claim. */
async function create(file: string, claim: Claim): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(claim), { mode: 0o600 });
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

function fileOf(root: string, number: number): string {
  return path.join(root, `supervisor.${number}.json`);
}

async function numbers(root: string): Promise<number[]> {
  const names = await readdir(root);
  return names.flatMap((name) => /^supervisor\.(\d+)\.json$/.exec(name)?.slice(1).map(Number) ?? []);
}

async function lastNumber(root: string): Promise<number> {
  return Math.max(0, ...(await numbers(root)));
}

async function readClaim(file: string): Promise<Claim | null> {
  try {
    return Claim.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file} is not a claim of ours; remove it when no countersign runs here`, { cause: error });
  }
}
