import { instant, parseAmount } from '@countersign/kernel';
import { z } from 'zod';
import { compilePolicy } from './compile-policy.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './parse-policy.ts';
import type { AttachedPolicy, Evaluation, EvaluationInput } from './policy.evaluation.ts';
import type { Problem } from './problem.ts';
import { formatPath } from './source-problems.ts';
import { readYaml, type YamlPath, type YamlText } from './yaml-reader.ts';

const Layer = z.enum(['organization', 'team', 'agent', 'user']);

/** A policy by name (of the file's own `policies`, else of the caller's), or its text. */
const Attachment = z.strictObject({
  policy: z.string(),
  at: Layer.default('agent'),
  point: z.string().default('here'),
  version: z.int().min(1).default(1),
});

const Action = z.strictObject({
  intent: z.string(),
  target: z.string().default(''),
  args: z.unknown().default({}),
  user: z.string().nullable().default(null),
  run: z.string().nullable().default(null),
  team: z.string().default('support'),
  tags: z.array(z.string()).default([]),
  context: z.record(z.string(), z.unknown()).default({}),
  agent: z
    .strictObject({
      id: z.string().default('agt_00000000000000000000000000000001'),
      name: z.string().default('support-agent'),
      environment: z.string().default('production'),
      riskClass: z.string().default('limited'),
      labels: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  cost: z
    .strictObject({
      usd: z.union([z.string(), z.number()]).optional(),
      tokens: z.int().optional(),
      provider: z.string().optional(),
      model: z.string().optional(),
      inputTokens: z.int().optional(),
      cachedInputTokens: z.int().optional(),
      maxOutputTokens: z.int().optional(),
    })
    .prefault({}),
});

const Requirement = z.strictObject({
  team: z.string().nullable(),
  quorum: z.int().optional(),
  expiresInMs: z.int().optional(),
  permitForMs: z.int().optional(),
});

/** What is left out is not compared. */
const Expectation = z.strictObject({
  verdict: z.enum(['allow', 'ask', 'block']).optional(),
  reasons: z.array(z.string()).optional(),
  rules: z.array(z.string().nullable()).optional(),
  layers: z.array(Layer).optional(),
  lines: z.array(z.int().nullable()).optional(),
  says: z.string().optional(),
  requirements: z.array(Requirement).optional(),
  budgets: z.array(z.string()).optional(),
  rates: z.array(z.string()).optional(),
  shadow: z.array(z.string()).optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
  problems: z.array(z.string()).optional(),
});
type Expectation = z.infer<typeof Expectation>;

export const PolicyCase = z.strictObject({
  name: z.string(),
  policies: z.array(Attachment).optional(),
  policy: z.string().optional(),
  at: Layer.optional(),
  action: Action.optional(),
  now: z.iso.datetime({ offset: true }).default('2026-03-02T09:00:00Z'),
  expect: Expectation,
});
export type PolicyCase = z.infer<typeof PolicyCase>;

const CaseFile = z.strictObject({
  policies: z.record(z.string(), z.string()).default({}),
  cases: z.array(PolicyCase).min(1),
});

export interface CaseResult {
  readonly name: string;
  readonly line: number;
  readonly passed: boolean;
  /** What differed, as sentences. */
  readonly failures: readonly string[];
}

export interface CaseRun {
  /** What is wrong with the file; there are no results then. */
  readonly problems: readonly Problem[];
  readonly results: readonly CaseResult[];
}

/** Text of a policy by its name; null when there is none. */
export type LoadPolicy = (name: string) => string | null;

/** Runs a `*.cases.yaml` file: actions, the policies attached, and what is wanted of them. */
export function runCases(text: string, loadPolicy: LoadPolicy): CaseRun {
  const { problems, file, yaml } = readCases(text);
  if (file === null) return { problems, results: [] };
  const load: LoadPolicy = (name) => (name.includes('\n') ? name : (file.policies[name] ?? loadPolicy(name)));
  const results = file.cases.map((each, index): CaseResult => {
    const failures = runCase(each, load);
    return { name: each.name, line: yaml.locate(['cases', index]).line, passed: failures.length === 0, failures };
  });
  return { problems: [], results };
}

function readCases(text: string): {
  problems: readonly Problem[];
  file: z.infer<typeof CaseFile> | null;
  yaml: YamlText;
} {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return { problems: yaml.problems, file: null, yaml };
  const { success, data, error } = CaseFile.safeParse(yaml.value);
  if (success) return { problems: [], file: data, yaml };
  const problems = error.issues.map(({ path, message }): Problem => {
    const place = yaml.locate(path as YamlPath);
    return {
      severity: 'error',
      code: 'cases.wrong_value',
      ...place,
      path: formatPath(path as YamlPath),
      message: `${message}.`,
    };
  });
  return { problems, file: null, yaml };
}

/** The policies and the action of a case, ready for `evaluate`; or the problems of its policies. */
export function prepareCase(
  { policies, policy = '', at = 'agent', action, now }: PolicyCase,
  load: LoadPolicy,
): { attached: readonly AttachedPolicy[]; input: EvaluationInput; found: readonly string[] } {
  const attachments = policies ?? [{ policy, at, point: 'here', version: 1 }];
  const read = attachments.map(({ policy: name, at: layer, point, version }) => ({
    layer,
    point,
    version,
    ...readPolicy(name, load),
  }));
  const attached = read.flatMap(({ compiled, layer, point, version }) =>
    compiled ? [{ layer, point, version, policy: compiled }] : [],
  );
  return {
    attached,
    input: inputOf(action ?? Action.parse({ intent: 'nothing' }), now),
    found: read.flatMap(({ problems }) => problems),
  };
}

function readPolicy(name: string, load: LoadPolicy): { compiled: CompiledPolicy | null; problems: readonly string[] } {
  const text = load(name);
  if (text === null) return { compiled: null, problems: [`there is no policy \`${name}\``] };
  const { document, problems } = parsePolicy(text);
  return {
    compiled: document && compilePolicy(document),
    problems: problems.map(({ code, line }) => `${code}@${line}`),
  };
}

function inputOf({ agent, cost, team, args, ...action }: z.infer<typeof Action>, now: string): EvaluationInput {
  const { usd, tokens, ...stated } = cost;
  const present = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
  return {
    ...action,
    args,
    team,
    agent: { ...agent, team },
    cost: {
      ...present,
      usdNanos: usd === undefined ? null : parseAmount('usd', String(usd)),
      tokens: tokens === undefined ? null : BigInt(tokens),
    },
    now: instant(Date.parse(now)),
  };
}

function runCase(each: PolicyCase, load: LoadPolicy): readonly string[] {
  const { attached, input, found } = prepareCase(each, load);
  const { problems: wanted, ...expected } = each.expect;
  const failures = wanted === undefined ? [] : different('problems', wanted, found);
  if (each.action === undefined) return failures;
  const broken = found.filter((problem) => !isWarning(problem));
  if (wanted === undefined && broken.length > 0) return [`a policy cannot be attached: ${broken.join(', ')}`];
  return [...failures, ...compare(expected, evaluate(attached, input))];
}

const isWarning = (problem: string) =>
  /^policy\.(unguarded_path|loose_target|empty_target|claimed_scope)@/.test(problem);

/** Each thing a case can want, as the evaluation has it. */
const readers: {
  readonly [Key in keyof Omit<Expectation, 'says' | 'problems' | 'settings' | 'requirements'>]-?: (
    evaluation: Evaluation,
  ) => unknown;
} = {
  verdict: ({ verdict }) => verdict,
  reasons: ({ reasons }) => reasons.map(({ code }) => code),
  rules: ({ reasons }) => reasons.map(({ rule }) => rule),
  layers: ({ reasons }) => reasons.map(({ layer }) => layer),
  lines: ({ reasons }) => reasons.map(({ line }) => line),
  budgets: ({ budgets }) => budgets.map(({ name, scope }) => `${name}/${scope}`),
  rates: ({ rates }) => rates.map(({ match }) => match),
  shadow: ({ shadow }) => shadow.map(({ policy, verdict }) => `${policy}: ${verdict}`),
};

function compare(
  { says, settings, requirements, ...expected }: Omit<Expectation, 'problems'>,
  evaluation: Evaluation,
): readonly string[] {
  const failures = (Object.keys(readers) as (keyof typeof readers)[]).flatMap((key) =>
    expected[key] === undefined ? [] : different(key, expected[key], readers[key](evaluation)),
  );
  if (says !== undefined && !evaluation.reasons.some(({ message }) => message.includes(says)))
    failures.push(`no reason says “${says}”: ${evaluation.reasons.map(({ message }) => message).join(' ')}`);
  for (const [key, value] of Object.entries(settings ?? {}))
    failures.push(...different(key, value, evaluation[key as keyof Evaluation]));
  if (requirements)
    failures.push(...different('requirements', requirements, pick(requirements, evaluation.requirements)));
  return failures;
}

/** Of each requirement, the keys that the case names. */
const pick = (wanted: readonly object[], found: Evaluation['requirements']) =>
  found.map((requirement, index) =>
    Object.fromEntries(
      Object.keys(wanted[index] ?? { team: 0 }).map((key) => [key, requirement[key as keyof typeof requirement]]),
    ),
  );

function different(what: string, wanted: unknown, found: unknown): string[] {
  const [a, b] = [asText(wanted), asText(found)];
  return a === b ? [] : [`${what}: wanted ${a}, got ${b}`];
}

const asText = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each));
