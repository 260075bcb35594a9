import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import { serverUser, type ServerUser } from './server-user.ts';

/** What runs, as whom, and where its data is. */
export interface ServerPlace {
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | null;
  readonly folder: string;
}

/**
 * Where root's servers live when their user cannot reach what is below root's home, which is closed on most systems.
 * The way in stays `.countersign/postgres`, then a symbolic link.
 */
const HOME = '/var/lib/countersign';

/** Finds a place for the server of this data directory where the user it runs as can reach everything. */
export async function serverPlace(directory: string): Promise<ServerPlace> {
  const [binaries, user] = await Promise.all([findBinaries(), serverUser()]);
  const folder = path.join(directory, 'postgres');
  if (user === null) return { binaries, user, folder };
  return {
    binaries: (await canReach(user, binaries.postgres)) ? binaries : await copyOf(binaries),
    user,
    folder: (await canReach(user, directory)) ? folder : await linked(folder),
  };
}

async function canReach({ uid, gid }: ServerUser, file: string): Promise<boolean> {
  return promisify(execFile)('/bin/sh', ['-c', 'test -x "$0"', file], { uid, gid, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** Copied once per build of the server, 61 MB; the copy is named by what changes when npm installs another. */
async function copyOf(binaries: PostgresBinaries): Promise<PostgresBinaries> {
  const { mtimeMs, size } = await stat(binaries.postgres);
  const root = path.join(HOME, `native-${Math.trunc(mtimeMs)}-${size}`);
  if (!(await exists(root))) {
    const draft = `${root}.${randomUUID()}`;
    await mkdir(HOME, { recursive: true, mode: 0o755 });
    await cp(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, root).catch(() => rm(draft, { recursive: true, force: true }));
  }
  return { root, initdb: path.join(root, 'bin', 'initdb'), postgres: path.join(root, 'bin', 'postgres') };
}

async function linked(folder: string): Promise<string> {
  const known = await readlink(folder).catch(() => null);
  if (known !== null) return known;
  const target = path.join(HOME, randomUUID(), 'postgres');
  await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
  await symlink(target, folder);
  return target;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
