import { compilePolicy, diffPolicies, parsePolicy, type CompiledPolicy } from '@countersign/policy';
import { wireTimes } from './wire-times.ts';
import type { Actual } from './actual.ts';
import type { Desired, DesiredAgent, DesiredAttachment } from './desired.ts';

/** One thing to do, in words for people and as the command that does it. */
export interface Step {
  readonly mark: '+' | '~' | '-';
  readonly words: string;
  readonly command: { readonly type: string; readonly [field: string]: unknown };
  /** The policy whose text it puts in force. */
  readonly publishes?: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** How many things of the files are already as they say. */
  readonly unchanged: number;
  /** What no command could put right; nothing is done then. */
  readonly problems: readonly string[];
}

/**
 * What has to be done so that an organization is as the files say. Applying the plan and planning again gives an empty
 * one. Nothing is removed unless `prune` is set, and then only attachments of policies that the files define.
 */
export function planOf(desired: Desired, actual: Actual, { prune = false } = {}): Plan {
  const parts = [
    desired.teams.map((name) => teamStep(name, actual)),
    desired.agents.map((agent) => agentStep(agent, actual)),
    desired.policies.map((policy) => policyStep(policy, actual)),
    enforcedFirst(desired).map((attachment) => attachStep(attachment, actual)),
  ].flat();
  const steps = parts.filter((step) => step !== null);
  return {
    steps: [...steps, ...(prune ? pruned(desired, actual) : [])],
    unchanged: parts.length - steps.length,
    problems: problemsOf(desired, actual),
  };
}

function teamStep(name: string, { teams }: Actual): Step | null {
  if (teams.some((team) => team.name === name)) return null;
  return { mark: '+', words: `team ${name}`, command: { type: 'CreateTeam', name } };
}

function agentStep({ name, team, profile }: DesiredAgent, { agents }: Actual): Step | null {
  const known = agents.find((agent) => agent.name === name);
  const wire = wireTimes(profile);
  if (!known)
    return {
      mark: '+',
      words: `agent ${name} of team ${team}`,
      command: { type: 'RegisterAgent', name, team, profile: wire },
    };

  const changes = [
    ...(known.team.name === team ? [] : [`team ${known.team.name} to ${team}`]),
    ...changedFields(wireTimes(known.profile), wire),
  ];
  if (changes.length === 0) return null;
  return {
    mark: '~',
    words: `agent ${name}: ${changes.join(', ')}`,
    command: { type: 'ChangeAgent', agent: name, team, profile: wire },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function changedFields(before: Fields, after: Fields): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [one, other] = [textOf(before[key]), textOf(after[key])];
    return one === other ? [] : [`${key} ${one} to ${other}`];
  });
}

function textOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort()));
}

function policyStep({ name, text, policy }: Desired['policies'][number], { policies }: Actual): Step | null {
  const known = policies.find((each) => each.name === name);
  if (known?.document === text) return null;
  const version = known?.version ?? 0;
  const command = { type: 'PublishPolicy', document: text, note: 'applied from files', expectedVersion: version };
  if (!known) return { mark: '+', words: `policy ${name} version 1`, command, publishes: name };
  return {
    mark: '~',
    words: `policy ${name} version ${version} to ${version + 1}${differenceWords(known.document, policy)}`,
    command,
    publishes: name,
  };
}

function differenceWords(document: string | null, next: CompiledPolicy | null): string {
  const before = document === null ? null : parsePolicy(document).document;
  if (!before || !next) return '';
  const { rules, budgets } = diffPolicies(compilePolicy(before), next);
  const counts = [
    ...counted(rules.added, 'rule', '+'),
    ...counted(rules.removed, 'rule', '-'),
    ...counted(budgets.added, 'budget', '+'),
    ...counted(budgets.removed, 'budget', '-'),
    ...counted(budgets.changed, 'budget', '~'),
  ];
  return counts.length === 0 ? ' (same rules, other text)' : ` (${counts.join(', ')})`;
}

const counted = (things: readonly string[], name: string, sign: string): readonly string[] =>
  things.length === 0 ? [] : [`${sign}${things.length} ${name}${things.length === 1 ? '' : 's'}`];

/** A point with nothing but shadow policies is refused, so whatever enforces is attached before whatever only watches. */
function enforcedFirst({ attachments, policies }: Desired): readonly DesiredAttachment[] {
  const isShadow = ({ policy }: DesiredAttachment) =>
    policies.some(({ name, mode }) => name === policy && mode === 'shadow');
  return [...attachments.filter((each) => !isShadow(each)), ...attachments.filter(isShadow)];
}

function attachStep(attachment: DesiredAttachment, actual: Actual): Step | null {
  const { policy, layer, point } = attachment;
  const known = actual.policies.find(({ name }) => name === policy);
  if (known?.attachments.some((each) => isAt(each, attachment))) return null;
  const command = {
    type: 'AttachPolicy',
    name: policy,
    layer,
    point: layer === 'organization' ? actual.organizationId : point,
  };
  return { mark: '+', words: `policy ${policy} attached to ${placeWords(attachment)}`, command };
}

const isAt = (each: { readonly layer: string; readonly name: string }, { layer, point }: DesiredAttachment) =>
  each.layer === layer && (layer === 'organization' || each.name === point);

const placeWords = ({ layer, point }: Pick<DesiredAttachment, 'layer' | 'point'>) =>
  layer === 'organization' ? 'the whole organization' : `${layer} ${point}`;

/** Attachments of the files' own policies that the files do not name. */
function pruned({ policies, attachments }: Desired, actual: Actual): readonly Step[] {
  const own = actual.policies.filter(({ name }) => policies.some((policy) => policy.name === name));
  return own.flatMap(({ name: policy, attachments: known }) =>
    known
      .filter((each) => !attachments.some((wanted) => wanted.policy === policy && isAt(each, wanted)))
      .map(({ layer, point, name }): Step => ({
        mark: '-',
        words: `policy ${policy} detached from ${placeWords({ layer: layer as DesiredAttachment['layer'], point: name })}`,
        command: { type: 'DetachPolicy', name: policy, layer, point },
      })),
  );
}

/** Names that neither the files nor the server know, and agents that were retired. */
function problemsOf({ teams, agents, policies, attachments }: Desired, actual: Actual): readonly string[] {
  const knownTeams = new Set([...teams, ...actual.teams.map(({ name }) => name)]);
  const knownAgents = new Set([...agents, ...actual.agents].map(({ name }) => name));
  const knownPolicies = new Set([...policies, ...actual.policies].map(({ name }) => name));
  const retired = agents.filter(({ name }) =>
    actual.agents.some((agent) => agent.name === name && agent.status === 'retired'),
  );
  const isUnknown = ({ layer, point }: DesiredAttachment) =>
    (layer === 'team' && !knownTeams.has(point)) || (layer === 'agent' && !knownAgents.has(point));
  return [
    ...agents
      .filter(({ team }) => !knownTeams.has(team))
      .map(
        ({ file, team }) => `${file}:1:1 error file.unknown_team team \`${team}\` does not exist: add it to teams.yaml`,
      ),
    ...retired.map(
      ({ file, name }) =>
        `${file}:1:1 error file.retired agent \`${name}\` was retired, which is for ever: remove the file or choose another name`,
    ),
    ...attachments
      .filter(({ policy }) => !knownPolicies.has(policy))
      .map(
        ({ policy }) =>
          `attachments.yaml:1:1 error file.unknown_policy policy \`${policy}\` does not exist: add it under policies/`,
      ),
    ...attachments
      .filter(isUnknown)
      .map(({ layer, point }) => `attachments.yaml:1:1 error file.unknown_point ${layer} \`${point}\` does not exist`),
  ];
}
