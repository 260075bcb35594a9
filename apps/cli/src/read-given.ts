import { readFile } from 'node:fs/promises';
import { CommandFailed } from './command-failed.ts';
import { exitCode } from './exit-code.ts';

/** The text of a file that the command line names. @throws CommandFailed naming the file and what is wrong with it. */
export async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a folder: name a file in it',
  EACCES: 'may not be read by you',
};

export function unreadable(file: string, error: unknown): CommandFailed {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new CommandFailed(`${file}: ${words[code] ?? `cannot be read (${code})`}`, exitCode.usage);
}
