import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What must stay the same from one start to the next. */
const SavedState = z.object({
  port: z.number().int(),
  superuserPassword: z.string().min(1),
  ownerPassword: z.string().min(1),
  appPassword: z.string().min(1),
});
export type SavedState = z.infer<typeof SavedState>;

/** Passwords are 256 random bits in hexadecimal, which needs no escaping in a URL or in SQL. */
export function newState(port: number): SavedState {
  const password = (): string => randomBytes(32).toString('hex');
  return { port, superuserPassword: password(), ownerPassword: password(), appPassword: password() };
}

/** @throws Error when the file exists and is not ours: without its passwords the cluster cannot be opened. */
export async function readState(file: string): Promise<SavedState | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return SavedState.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} cannot be read as what the embedded Postgres saved`, { cause });
  }
}

export async function writeState(file: string, state: SavedState): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
