import { stat } from 'node:fs/promises';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';

/**
 * An export is renamed over what stands in its place, so that must be a file: a rename does not write to a device, a pipe
 * or a socket, it removes it. Run as root, `--output /dev/stdout` would take that from everybody.
 *
 * @throws {CommandFailed} when something else than a file stands there. Absent is fine.
 */
export async function checkExportTarget(file: string): Promise<void> {
  const standing = await stat(file).catch(() => null);
  if (standing === null || standing.isFile()) return;
  const what = standing.isDirectory() ? 'is a folder' : 'is a device, a pipe or a socket';
  throw new CommandFailed(`${file} ${what}: name a file with --output`, exitCode.usage);
}
