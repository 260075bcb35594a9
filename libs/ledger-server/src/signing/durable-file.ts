import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Only the user that runs Countersign may read what it signs with and remembers. */
const OWNER_ONLY = { file: 0o600, directory: 0o700 } as const;

/**
 * Replaces a file's content so that a crash leaves the old or the new, never a part, and the new survives a power cut
 * once this resolves: written aside, flushed, renamed, and the folder flushed too.
 */
export async function replaceFile(file: string, content: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY.directory });
  const aside = path.join(folder, `.${path.basename(file)}.${randomUUID()}`);
  try {
    await writeFlushed(aside, 'wx', content);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

/** Adds to the end of a file, which another program may have moved away since the last time. Flushed when it resolves. */
export async function appendToFile(file: string, content: string): Promise<void> {
  const folder = path.dirname(file);
  const isNew = (await mkdir(folder, { recursive: true, mode: OWNER_ONLY.directory })) !== undefined;
  await writeFlushed(file, 'a', content);
  if (isNew) await flushFolder(path.dirname(folder));
  await flushFolder(folder);
}

async function writeFlushed(file: string, flags: 'wx' | 'a', content: string): Promise<void> {
  const handle = await open(file, flags, OWNER_ONLY.file);
  try {
    await handle.writeFile(content, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether an error says that a file does not exist. */
export const isAbsent = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
