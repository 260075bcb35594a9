import { formatPath, type JsonPath, type JsonValue } from '@countersign/json';

/** One place in which two actions differ. Undefined: one of them has nothing there. */
export interface Difference {
  /** As in `args.items[0].price`. */
  readonly path: string;
  readonly before: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/** Beyond so many, two actions have little in common, and nobody compares them place by place. */
const DIFFERENCES_MAX = 100;

type Part = JsonValue | undefined;

/**
 * Where two actions differ, so that people see what is new about one that is like one they approved. The deepest places
 * only; at most a hundred.
 */
export function differencesBetween(before: JsonValue, now: JsonValue): readonly Difference[] {
  const found: Difference[] = [];
  collect([], before, now, found);
  return found;
}

function collect(path: JsonPath, before: Part, now: Part, found: Difference[]): void {
  if (found.length >= DIFFERENCES_MAX || before === now) return;
  if (!isContainer(before) || !isContainer(now) || Array.isArray(before) !== Array.isArray(now)) {
    found.push({ path: formatPath(path), before, now });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)]))
    collect([...path, Array.isArray(now) ? Number(key) : key], partOf(before, key), partOf(now, key), found);
}

type Container = Readonly<Record<string, JsonValue>> | readonly JsonValue[];

const isContainer = (part: Part): part is Container => typeof part === 'object' && part !== null;

/** Own places only: an agent may name a key like something that every object has. */
const partOf = (container: Container, key: string): Part =>
  Object.hasOwn(container, key) ? (container as Readonly<Record<string, JsonValue>>)[key] : undefined;
