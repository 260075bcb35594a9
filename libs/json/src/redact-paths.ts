import { formatPath, type JsonPath, type PathPattern } from './json-path.ts';
import { isContainer, isList, type JsonObject, type JsonValue } from './json-value.ts';
import type { Redaction } from './redact-secrets.ts';

const MARKER = '[redacted:policy]';

/**
 * Replaces whatever stands at the patterns, containers whole, by `[redacted:policy]`: what a policy's `redact` asks.
 * `value` is the object that the paths start from, such as `{ args }`. A pattern that meets nothing is no error.
 */
export function redactPaths(value: JsonValue, patterns: readonly PathPattern[]): Redaction {
  const paths = new Set<string>();
  const redacted = patterns.reduce((current, pattern) => redactAt(current, pattern, [], paths), value);
  return { value: redacted, paths: [...paths] };
}

function redactAt(value: JsonValue, pattern: PathPattern, path: JsonPath, paths: Set<string>): JsonValue {
  const step = pattern[path.length];
  if (step === undefined) {
    paths.add(formatPath(path));
    return MARKER;
  }
  if (!isContainer(value)) return value;
  const redactChild = (child: JsonValue, place: string | number) => redactAt(child, pattern, [...path, place], paths);
  return isList(value) ? redactItems(value, step, redactChild) : redactMembers(value, step, redactChild);
}

type Step = PathPattern[number];
type RedactChild = (child: JsonValue, place: string | number) => JsonValue;

function redactItems(items: readonly JsonValue[], step: Step, redactChild: RedactChild): readonly JsonValue[] {
  const redacted = items.map((item, index) => (step === null || step === index ? redactChild(item, index) : item));
  return redacted.some((item, index) => item !== items[index]) ? redacted : items;
}

/** `fromEntries` defines keys instead of assigning them, so a key named `__proto__` stays one. */
function redactMembers(value: JsonObject, step: Step, redactChild: RedactChild): JsonObject {
  const redacted = Object.entries(value).map(
    ([key, child]) => [key, step === null || step === key ? redactChild(child, key) : child] as const,
  );
  return redacted.some(([key, child]) => child !== value[key]) ? Object.fromEntries(redacted) : value;
}
