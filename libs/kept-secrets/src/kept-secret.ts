import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The secret kept in a file of mode 600; the first process makes it, and every other of the same folder reads it. */
export async function keptSecret(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    // Fails when the file is there, so of two that start at once one writes and both read the same.
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readWhenWritten(file);
}

/** Whoever comes second may find the file before its text is there. */
async function readWhenWritten(file: string): Promise<string> {
  for (let tries = 0; tries < 50; tries += 1) {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret.length >= 32) return secret;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(
    `${file} holds no secret: delete it to have a new one made, which ends whatever the old one signed or sealed`,
  );
}
