import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.ts';
import { layOutLog, SEGMENT_BYTES } from './log-ahead.ts';
import type { ServerUser } from './server-user.ts';

/** Whether the folder holds a cluster. */
export async function isCluster(folder: string): Promise<boolean> {
  return stat(path.join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

interface NewCluster {
  readonly folder: string;
  readonly user: ServerUser | null;
  readonly superuserPassword: string;
  /** How much of its log is laid out before it starts. */
  readonly logAheadMiB: number;
}

/**
 * Makes a cluster with page checksums and a collation that no update of the operating system can change.
 * It is made beside its place and then moved, so an interrupted first start leaves nothing that looks finished.
 */
export async function createCluster(binaries: PostgresBinaries, cluster: NewCluster): Promise<void> {
  const draft = `${cluster.folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  const secret = await secretFile(cluster);
  try {
    if (cluster.user) await chown(draft, cluster.user.uid, cluster.user.gid);
    await initdb(binaries, [`--pgdata=${draft}`, `--pwfile=${secret.file}`], cluster.user);
    await layOutLog(draft, cluster.logAheadMiB, cluster.user);
    await rename(draft, cluster.folder);
  } finally {
    await rm(secret.folder, { recursive: true, force: true });
  }
}

async function initdb(binaries: PostgresBinaries, where: string[], user: ServerUser | null): Promise<void> {
  const how = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--data-checksums',
    // A young cluster makes its log files as it goes, and whoever commits meanwhile waits: 60 ms for one of 16 MB.
    `--wal-segsize=${SEGMENT_BYTES / 1_048_576}`,
    '--no-instructions',
  ];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const owner = user === null ? {} : { uid: user.uid, gid: user.gid };
  try {
    await promisify(execFile)(binaries.initdb, [...where, ...how, ...locale], {
      ...owner,
      cwd: '/',
      env: { LC_ALL: 'C' },
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`Postgres could not make its data directory: ${stderr?.trim() ?? String(error)}`, { cause: error });
  }
}

/** On the command line or in the environment, other users of the machine could read the password. */
async function secretFile({ user, superuserPassword }: NewCluster): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-'));
  const file = path.join(folder, 'password');
  await writeFile(file, `${superuserPassword}\n`, { mode: 0o600 });
  if (user) await Promise.all([folder, file].map((entry) => chown(entry, user.uid, user.gid)));
  return { folder, file };
}
