import { buildDocument } from './build-document.ts';
import type { PolicyDocument } from './policy-document.ts';
import { AT, PlacedPolicy, ruleKeys } from './policy-source.ts';
import { hasErrors, type Problem } from './problem.ts';
import { formatPath, problemsOf } from './source-problems.ts';
import { readYaml, type YamlPath, type YamlText } from './yaml-reader.ts';

export interface ParsedPolicy {
  /** Null when any problem is an error. */
  readonly document: PolicyDocument | null;
  /** All of them, in the order of the text. */
  readonly problems: Problem[];
}

/** Nobody reads more, and a hostile text has a hundred thousand. */
const PROBLEMS_MAX = 500;

/**
 * Reads a policy text. Every problem is reported at once, with its line and column: what is wrong in one place does
 * not hide what is wrong in another, except that a text that is not YAML has no places.
 */
export function parsePolicy(text: string): ParsedPolicy {
  const yaml = readYaml(text);
  const found: Problem[] = [...yaml.problems];
  const document = yaml.value === undefined ? null : parseValue(text, yaml, found);
  const problems = found.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, PROBLEMS_MAX);
  return { document: hasErrors(found) ? null : document, problems };
}

function parseValue(text: string, yaml: YamlText, problems: Problem[]): PolicyDocument | null {
  if (!isMapping(yaml.value)) {
    const message = 'A policy is a mapping: it begins with `apiVersion: countersign/v1`.';
    problems.push({ severity: 'error', code: 'policy.wrong_value', ...yaml.locate([]), path: '', message });
    return null;
  }
  const value = place(yaml.value, yaml, problems);
  const whole = PlacedPolicy.safeParse(value);
  if (whole.success) return buildDocument(whole.data, { text, yaml, problems });

  problems.push(...problemsOf(whole.error.issues, value, yaml));
  const rest = PlacedPolicy.safeParse(
    withoutWrong(
      value,
      whole.error.issues.map(({ path }) => path),
    ),
  );
  if (rest.success) buildDocument(rest.data, { text, yaml, problems });
  return null;
}

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const patternLists = ['allow', 'ask', 'block', 'neverAutoApprove'];
const itemLists = ['budgets', 'rates', 'prices'];

/** Makes every rule a mapping and gives every item of a list its place. */
function place(value: Mapping, yaml: YamlText, problems: Problem[]): Mapping {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, list]) => {
      if (!Array.isArray(list) || list.length === 0) return [[key, list]];
      if (itemLists.includes(key))
        return [[key, list.map((item, index) => (isMapping(item) ? { ...item, [AT]: [key, index] } : item))]];
      if (!patternLists.includes(key)) return [[key, list]];
      const rules = list.flatMap((item, index) => placeRule(item, [key, index], { yaml, problems }));
      return rules.length === 0 ? [] : [[key, rules]];
    }),
  );
}

interface Reporting {
  readonly yaml: YamlText;
  readonly problems: Problem[];
}

function placeRule(item: unknown, at: YamlPath, { yaml, problems }: Reporting): readonly Mapping[] {
  if (typeof item === 'string') return [{ match: item, [AT]: at }];
  const misread = misreading(item);
  if (misread === null) return [{ ...(item as Mapping), [AT]: at }];
  problems.push({ severity: 'error', ...misread, ...yaml.locate(at), path: formatPath(at) });
  return [];
}

/** What YAML made of something that was meant as a pattern. */
function misreading(item: unknown): Pick<Problem, 'code' | 'message'> | null {
  if (item === null)
    return {
      code: 'policy.null_pattern',
      message:
        'Nothing stands here where a pattern belongs; `#` after a blank begins a comment, so put the pattern in quotes.',
    };
  if (!isMapping(item))
    return { code: 'policy.wrong_value', message: 'A rule is a pattern, or a mapping with `match`.' };
  const [key, ...others] = Object.keys(item);
  if (key === undefined || others.length > 0 || ruleKeys.has(key)) return null;
  if (item[key] === null)
    return {
      code: 'policy.null_pattern',
      message: `YAML reads this as the key \`${key}\` without a value, because \`#\` after a blank begins a comment: put the whole pattern in quotes, "${key}:#…".`,
    };
  return {
    code: 'policy.pattern_as_mapping',
    message: `YAML reads this as the key \`${key}\` with a value, because of the blank after the colon: write "${key}:…" without it, in quotes.`,
  };
}

/** The document without the items and keys that were refused, so that the others can be checked. */
function withoutWrong(value: Mapping, paths: readonly (readonly PropertyKey[])[]): Mapping {
  const wrongItems = new Set(paths.map(([key, index]) => `${String(key)}/${String(index)}`));
  const wrongKeys = new Set(paths.map(([key]) => key));
  const kept = Object.entries(value).flatMap(([key, held]) => {
    if (!(key in PlacedPolicy.shape)) return [];
    if (!wrongKeys.has(key)) return [[key, held]];
    const isPlaced = Array.isArray(held) && [...patternLists, ...itemLists].includes(key);
    const items = isPlaced ? held.filter((_, index) => !wrongItems.has(`${key}/${index}`)) : [];
    return items.length > 0 ? [[key, items]] : [];
  });
  return { ...Object.fromEntries(kept), apiVersion: 'countersign/v1', name: 'unnamed' };
}
