import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whom the server's processes run as; null means whoever we are. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

/**
 * Postgres refuses to run as root, rightly. Started by root it runs as the user `postgres`, which is made when the
 * machine has none.
 */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  return (await lookUp('postgres')) ?? (await create());
}

async function lookUp(name: string): Promise<ServerUser | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
  } catch {
    return null;
  }
}

async function create(): Promise<ServerUser> {
  const shell = ['--no-create-home', '--shell', '/usr/sbin/nologin'];
  try {
    await run('useradd', ['--system', '--user-group', ...shell, 'postgres']);
  } catch (cause) {
    throw new Error(
      'started as root, and the user `postgres` that the database would run as cannot be made; ' +
        'start as an ordinary user, or set DATABASE_URL',
      { cause },
    );
  }
  const user = await lookUp('postgres');
  if (user === null) throw new Error('the user `postgres` was made and cannot be found');
  return user;
}
