import { z } from 'zod';
import type { PolicyCode } from './policy-codes.ts';
import { AT, PlacedPolicy } from './policy-source.ts';
import type { Problem } from './problem.ts';
import type { YamlPath, YamlText } from './yaml-reader.ts';

type Issue = z.core.$ZodIssue;

/** `budgets[0].cap`, as problems name places. */
export const formatPath = (path: YamlPath): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');

/** The problems a schema finds, each at its place and with what would be right. */
export function problemsOf(issues: readonly Issue[], value: unknown, yaml: YamlText): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = originalPath(issue.path as YamlPath, value);
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, path, yaml);
    const input = valueAt(value, issue.path as YamlPath);
    return [problemAt({ path, ...wordsFor(issue, input) }, yaml)];
  });
}

interface Described {
  readonly path: YamlPath;
  readonly code: PolicyCode;
  readonly message: string;
}

function problemAt({ path, code, message }: Described, yaml: YamlText): Problem {
  return { severity: 'error', code, ...yaml.locate(path), path: formatPath(path), message };
}

function unknownKeys(
  { keys, path: schemaPath }: Extract<Issue, { code: 'unrecognized_keys' }>,
  path: YamlPath,
  yaml: YamlText,
) {
  const known = keysAt(PlacedPolicy, schemaPath).filter((key) => key !== AT);
  return keys.map((key): Problem => {
    const where = [...path, key];
    const nearest = closest(key, known);
    const hint = nearest ? `did you mean \`${nearest}\`?` : `there is ${known.join(', ')}.`;
    const message = `\`${key}\` is not a key here: ${hint}`;
    return {
      severity: 'error',
      code: 'policy.unknown_key',
      ...yaml.locateKey(where),
      path: formatPath(where),
      message,
    };
  });
}

/** The keys that the schema knows at a path. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let at = unwrapped(schema);
  for (const step of path) at = unwrapped(partOf(at, String(step)));
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function partOf(schema: unknown, step: string): unknown {
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodObject ? schema.shape[step] : undefined;
}

const unwrapped = (schema: unknown): unknown => (schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema);

function wordsFor(issue: Issue, input: unknown): { code: PolicyCode; message: string } {
  const [, code, ours] = /^((?:policy|yaml)\.\w+)\|(.*)$/s.exec(issue.message) ?? [];
  const name = issue.path.at(-1);
  const subject = typeof name === 'string' ? `\`${name}\`` : 'This';
  if (ours !== undefined) return { code: code as PolicyCode, message: `${subject} ${ours}.` };
  if (input === undefined) return { code: 'policy.missing_key', message: `${subject} is missing.` };
  if (input === null)
    return { code: 'policy.wrong_value', message: `${subject} has no value: give it one, or leave the key out.` };
  return { code: 'policy.wrong_value', message: `${subject} ${plainWords(issue, input)}.` };
}

function plainWords(issue: Issue, input: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${wordOf(issue.expected)}, and is ${wordOf(kindOf(input))}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => `\`${String(value)}\``).join(' or ')}, and is \`${String(input)}\``;
    case 'too_small':
      if (issue.origin === 'string') return 'is empty';
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters long' : ''}`;
    default:
      return issue.message;
  }
}

const wordOf = (kind: string) => kinds[kind] ?? kind;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

const kindOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);

const valueAt = (value: unknown, path: YamlPath): unknown =>
  path.reduce<unknown>(
    (held, step) =>
      typeof held === 'object' && held !== null ? (held as Record<string | number, unknown>)[step] : undefined,
    value,
  );

/** The path in the text: items know where they stood before wrong ones were left out. */
function originalPath(path: YamlPath, value: unknown): YamlPath {
  const item = valueAt(value, path.slice(0, 2));
  const place = typeof item === 'object' && item !== null ? (item as { [AT]?: YamlPath })[AT] : undefined;
  return place && path.length >= 2 ? [...place, ...path.slice(2)] : path;
}

/** The known word that differs least, if it differs little. */
export function closest(word: string, known: readonly string[]): string | null {
  const ranked = known.map((each) => ({ each, distance: distance(word.toLowerCase(), each.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(1, Math.floor(best.each.length / 3)) ? best.each : null;
}

/** Insertions, deletions and replacements that make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= Math.min(a.length, 100); i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min(
          (next[j - 1] as number) + 1,
          (row[j] as number) + 1,
          (row[j - 1] as number) + Number(a[i - 1] !== b[j - 1]),
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}
