import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { compilePolicy, parsePolicy, type CompiledPolicy, type Problem } from '@countersign/policy';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { readGiven, unreadable } from '../read-given.ts';

/** One line about one place in a file, in the form that editors and CI jump to. */
export const problemLine = (file: string, { line, column, severity, code, message }: Problem) =>
  `${file}:${line}:${column} ${severity} ${code} ${message}`;

export interface PolicyFile {
  readonly file: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  /** Null when there is any error. */
  readonly policy: CompiledPolicy | null;
}

export async function readPolicyFile(file: string): Promise<PolicyFile> {
  const text = await readGiven(file);
  const { document, problems } = parsePolicy(text);
  return { file, text, problems, policy: document && compilePolicy(document) };
}

/** For commands that need a policy and not its problems. @throws CommandFailed with a line for each error. */
export async function readSoundPolicy(file: string): Promise<PolicyFile & { readonly policy: CompiledPolicy }> {
  const read = await readPolicyFile(file);
  if (read.policy) return { ...read, policy: read.policy };
  const errors = read.problems.filter(({ severity }) => severity === 'error');
  throw new CommandFailed(
    ['the policy has errors', ...errors.map((problem) => problemLine(file, problem))].join('\n'),
    exitCode.no,
  );
}

const isYaml = (name: string) => /\.ya?ml$/.test(name);
export const isCases = (name: string) => /\.cases\.ya?ml$/.test(name);

/** Policy files of a folder, sorted by name; test cases are none. */
export async function policyFilesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  return names
    .filter((name) => isYaml(name) && !isCases(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** The texts of a folder's policies by the name that each gives itself. Files that are no policies are passed over. */
export async function policiesByName(folder: string): Promise<ReadonlyMap<string, string>> {
  const read = await Promise.all((await policyFilesIn(folder)).map(readPolicyFile));
  return new Map(
    read.flatMap(({ file, text, policy }) => [
      [path.parse(file).name, text] as const,
      ...(policy ? [[policy.name, text] as const] : []),
    ]),
  );
}
