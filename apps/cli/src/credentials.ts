import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CommandFailed } from './command-failed.ts';

/** What programs need to act as the demo's agents: `.countersign/credentials.json`. */
export const Credentials = z.object({
  apiUrl: z.string(),
  consoleUrl: z.string(),
  organization: z.string(),
  agents: z.array(z.object({ name: z.string(), team: z.string(), key: z.string() })),
});
export type Credentials = z.infer<typeof Credentials>;

/** What the operator's commands need: `.countersign/operator.json`. Whoever reads it may do everything. */
export const OperatorCredentials = z.object({ apiUrl: z.string(), operatorToken: z.string() });
export type OperatorCredentials = z.infer<typeof OperatorCredentials>;

export function credentialsFile(dataDirectory: string): string {
  return path.join(dataDirectory, 'credentials.json');
}

export function operatorFile(dataDirectory: string): string {
  return path.join(dataDirectory, 'operator.json');
}

/** The passwords of the people that `countersign demo` makes. */
export function peopleFile(dataDirectory: string): string {
  return path.join(dataDirectory, 'people.json');
}

/** Null when there is no such file. @throws CommandFailed when it is not what `countersign start` wrote */
export async function readPrivate<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.infer<Schema> | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new CommandFailed(`${file} is not what countersign start wrote; remove it and start again`);
  }
}

/** Writes for the owner's eyes only (mode 600), whole or not at all. */
export async function writePrivate(file: string, content: object): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
