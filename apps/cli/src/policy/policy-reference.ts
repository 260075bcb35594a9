import { existsSync } from 'node:fs';
import { compilePolicy, parsePolicy, type CompiledPolicy } from '@countersign/policy';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import type { Session } from '../operator/connect.ts';
import { readSoundPolicy } from './policy-file.ts';

/** A published version of a policy, as the server keeps it. */
export interface PolicyAnswer {
  readonly name: string;
  readonly version: number;
  readonly document: string;
  readonly publishedAt: string;
  readonly by: string;
}

/** A policy that a person named, and what to call it in a diff. */
export interface NamedPolicy {
  readonly title: string;
  readonly policy: CompiledPolicy;
}

/** Reads `name` and `name@3`. */
export function referenceOf(text: string): { readonly name: string; readonly version: number | null } {
  const [, name = text, version] = /^(.+?)(?:@(\d{1,9}))?$/.exec(text) ?? [];
  return { name, version: version === undefined ? null : Number(version) };
}

export function publishedPolicy(
  session: Session,
  { name, version }: ReturnType<typeof referenceOf>,
): Promise<PolicyAnswer> {
  const query = version === null ? '' : `?version=${version}`;
  return session.get<PolicyAnswer>(`/policies/${encodeURIComponent(name)}${query}`);
}

/** A file if there is one of that name, else a published policy; the server is asked only then. */
export async function resolvePolicy(text: string, session: () => Promise<Session>): Promise<NamedPolicy> {
  if (existsSync(text)) return { title: text, policy: (await readSoundPolicy(text)).policy };
  if (/[/\\]|\.ya?ml$/.test(text)) throw new CommandFailed(`${text}: there is no such file`, exitCode.usage);
  const { name, version, document } = await publishedPolicy(await session(), referenceOf(text));
  return { title: `${name}@${version}`, policy: compiledOf(document, name) };
}

function compiledOf(document: string, name: string): CompiledPolicy {
  const parsed = parsePolicy(document).document;
  if (!parsed)
    throw new CommandFailed(
      `policy \`${name}\` was published by a version that this one cannot read: update countersign`,
    );
  return compilePolicy(parsed);
}
