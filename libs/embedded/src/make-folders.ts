import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it that are missing; whether it made any. An existing folder stays as it is.
 *
 * Instead of Node's recursive `mkdir`, which never comes back where a folder exists that takes no other one (`/proc`).
 *
 * @throws the system's error, such as EACCES, ENOTDIR or ENOENT, for the first folder that cannot be made
 */
export async function makeFolders(folder: string): Promise<boolean> {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isThere) return false;
  const above = path.dirname(folder);
  if (above !== folder) await makeFolders(above);
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => ignoreExisting(folder, error));
  return true;
}

/** Another process may have made it meanwhile; a file of that name is an error. */
async function ignoreExisting(folder: string, error: NodeJS.ErrnoException): Promise<void> {
  if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
}
