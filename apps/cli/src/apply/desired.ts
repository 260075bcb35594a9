import { existsSync } from 'node:fs';
import path from 'node:path';
import { AgentProfile } from '@countersign/agents';
import { instant, Name } from '@countersign/kernel';
import { z } from 'zod';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { policyFilesIn, problemLine, readPolicyFile, type PolicyFile } from '../policy/policy-file.ts';
import { readYamlFile, type YamlRead } from './yaml-file.ts';

/** The files of a folder that describes an organization. docs/apply-format.md shows one. */

const Time = z.iso.datetime({ offset: true, message: 'must be a time in quotes, such as "2027-01-31T00:00:00Z"' });
const time = Time.transform((text) => instant(Date.parse(text)));

const TeamsFile = z.strictObject({ teams: z.array(Name).min(1) });

const AgentFile = AgentProfile.extend({
  name: Name,
  team: Name,
  inServiceFrom: time.optional(),
  inServiceTo: time.optional(),
});

const at = { policy: Name };
const AttachmentsFile = z.strictObject({
  attachments: z.array(
    z.union(
      [
        z.strictObject({ ...at, organization: z.literal(true) }),
        z.strictObject({ ...at, team: Name }),
        z.strictObject({ ...at, agent: Name }),
        z.strictObject({ ...at, user: z.string().min(1).max(512) }),
      ],
      'must be `policy` and one of `organization: true`, `team`, `agent` or `user`',
    ),
  ),
});

export interface DesiredAgent {
  readonly file: string;
  readonly name: string;
  readonly team: string;
  readonly profile: AgentProfile;
}

export interface DesiredAttachment {
  readonly policy: string;
  readonly layer: 'organization' | 'team' | 'agent' | 'user';
  /** A name; empty for the organization. */
  readonly point: string;
}

/** What the files say an organization is to be. What they do not name is left alone. */
export interface Desired {
  readonly teams: readonly string[];
  readonly agents: readonly DesiredAgent[];
  readonly policies: readonly (PolicyFile & { readonly name: string; readonly mode: 'enforce' | 'shadow' })[];
  readonly attachments: readonly DesiredAttachment[];
}

/** @throws CommandFailed with one line per problem of all files together. */
export async function readDesired(folder: string): Promise<Desired> {
  if (!existsSync(folder)) throw new CommandFailed(`${folder}: there is no such folder`, exitCode.usage);
  const teams = await optional(path.join(folder, 'teams.yaml'), TeamsFile, { teams: [] });
  const attachments = await optional(path.join(folder, 'attachments.yaml'), AttachmentsFile, { attachments: [] });
  const agents = await Promise.all((await filesIn(path.join(folder, 'agents'))).map(readAgent));
  const policies = await Promise.all((await filesIn(path.join(folder, 'policies'))).map(readPolicyFile));
  const problems = [
    ...[teams, attachments, ...agents].flatMap((read) => ('problems' in read ? read.problems : [])),
    ...policies.flatMap(policyProblems),
  ];
  const desired = {
    teams: valueOf(teams, { teams: [] }).teams,
    agents: agents.flatMap((read) => ('value' in read ? [read.value] : [])),
    policies: policies.flatMap((read) =>
      read.policy ? [{ ...read, name: read.policy.name, mode: read.policy.mode }] : [],
    ),
    attachments: valueOf(attachments, { attachments: [] }).attachments.map(attachmentOf),
  };
  refuse([...problems, ...doubles(desired), ...emptiness(folder, desired, problems)]);
  return desired;
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0)
    throw new CommandFailed(['the files have problems; nothing was changed', ...problems].join('\n'), exitCode.usage);
}

const optional = async <Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  absent: z.infer<Schema>,
): Promise<YamlRead<z.infer<Schema>>> => (existsSync(file) ? readYamlFile(file, schema) : { value: absent });

const filesIn = async (folder: string) => (existsSync(folder) ? policyFilesIn(folder) : []);

const valueOf = <Value>(read: YamlRead<Value>, otherwise: Value): Value => ('value' in read ? read.value : otherwise);

async function readAgent(file: string): Promise<YamlRead<DesiredAgent>> {
  const read = await readYamlFile(file, AgentFile);
  if ('problems' in read) return read;
  const { name, team, ...profile } = read.value;
  return { value: { file, name, team, profile } };
}

const policyProblems = ({ file, problems }: PolicyFile) =>
  problems.filter(({ severity }) => severity === 'error').map((problem) => problemLine(file, problem));

type AttachmentEntry = z.infer<typeof AttachmentsFile>['attachments'][number];

function attachmentOf(entry: AttachmentEntry): DesiredAttachment {
  const { policy } = entry;
  if ('team' in entry) return { policy, layer: 'team', point: entry.team };
  if ('agent' in entry) return { policy, layer: 'agent', point: entry.agent };
  return 'user' in entry ? { policy, layer: 'user', point: entry.user } : { policy, layer: 'organization', point: '' };
}

/** Two files for one thing: the last one read would win, which nobody could foresee. */
function doubles({ agents, policies }: Desired): readonly string[] {
  return [...repeated('agent', agents), ...repeated('policy', policies)];
}

function repeated(kind: string, all: readonly { readonly name: string; readonly file: string }[]): readonly string[] {
  return all.flatMap(({ name, file }, index) => {
    const first = all.findIndex((other) => other.name === name);
    return first === index
      ? []
      : [`${file}:1:1 error file.double ${kind} \`${name}\` is in ${all[first]?.file} already`];
  });
}

function emptiness(
  folder: string,
  { teams, agents, policies, attachments }: Desired,
  problems: readonly string[],
): readonly string[] {
  const count = teams.length + agents.length + policies.length + attachments.length + problems.length;
  return count > 0 ? [] : [`${folder}: holds none of teams.yaml, agents/*.yaml, policies/*.yaml, attachments.yaml`];
}
