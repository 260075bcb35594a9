import {
  foldedTargetOf,
  literalOf,
  matchesGlob,
  matchesTarget,
  type Pattern,
  type Subject,
} from '@countersign/kernel/patterns';

/** Something that a pattern selects. Entries are found in the order in which they were given. */
export interface Entry<T> {
  readonly pattern: Pattern;
  readonly order: number;
  readonly value: T;
}

/**
 * Finds the patterns that select an action without looking at those that cannot: by whole intent, else by what stands
 * before the intent's first star; within one intent, by whole target. A thousand rules cost what the matching ones cost.
 */
export interface PatternIndex<T> {
  readonly byIntent: ReadonlyMap<string, Bucket<T>>;
  readonly byPrefix: ReadonlyMap<string, Bucket<T>>;
  /** Lengths of the keys of `byPrefix`, ascending. */
  readonly prefixLengths: readonly number[];
}

interface Bucket<T> {
  readonly byTarget: Map<string, Entry<T>[]>;
  readonly byFoldedTarget: Map<string, Entry<T>[]>;
  readonly others: Entry<T>[];
}

export function indexPatterns<T>(items: readonly { readonly pattern: Pattern; readonly value: T }[]): PatternIndex<T> {
  const byIntent = new Map<string, Bucket<T>>();
  const byPrefix = new Map<string, Bucket<T>>();
  items.forEach(({ pattern, value }, order) => {
    const isLiteral = literalOf(pattern.intent) !== undefined;
    const bucket = bucketOf(isLiteral ? byIntent : byPrefix, pattern.intent.pieces[0] as string);
    place(bucket, { pattern, order, value });
  });
  const prefixLengths = [...new Set([...byPrefix.keys()].map(({ length }) => length))].sort((a, b) => a - b);
  return { byIntent, byPrefix, prefixLengths };
}

function bucketOf<T>(buckets: Map<string, Bucket<T>>, key: string): Bucket<T> {
  const known = buckets.get(key);
  if (known) return known;
  const bucket = { byTarget: new Map<string, Entry<T>[]>(), byFoldedTarget: new Map<string, Entry<T>[]>(), others: [] };
  buckets.set(key, bucket);
  return bucket;
}

function place<T>(bucket: Bucket<T>, entry: Entry<T>): void {
  const { target, foldedTarget } = entry.pattern;
  const literal = target === null ? undefined : literalOf(foldedTarget ?? target);
  if (literal === undefined) {
    bucket.others.push(entry);
    return;
  }
  // Equal targets are equal folded, so a folded literal needs one look-up only.
  const byTarget = foldedTarget === null ? bucket.byTarget : bucket.byFoldedTarget;
  const same = byTarget.get(literal);
  if (same) same.push(entry);
  else byTarget.set(literal, [entry]);
}

const none: readonly never[] = [];

/** The entries whose patterns select the action, in the order in which they were given. */
export function findMatching<T>(index: PatternIndex<T>, subject: Subject): readonly Entry<T>[] {
  let found: Entry<T>[] | undefined;
  const exact = index.byIntent.get(subject.intent);
  if (exact) found = collect(exact, subject, false, found);
  for (const length of index.prefixLengths) {
    if (length > subject.intent.length) break;
    const bucket = index.byPrefix.get(subject.intent.slice(0, length));
    if (bucket) found = collect(bucket, subject, true, found);
  }
  if (found === undefined) return none;
  return inGivenOrder(found);
}

/** So many are sorted by insertion: the platform's sort allocates, and a few entries are in order nearly always. */
const FEW = 16;

function inGivenOrder<T>(entries: Entry<T>[]): readonly Entry<T>[] {
  if (entries.length > FEW) return entries.sort((one, other) => one.order - other.order);
  for (let from = 1; from < entries.length; from += 1) {
    const entry = entries[from] as Entry<T>;
    let to = from;
    for (; to > 0 && (entries[to - 1] as Entry<T>).order > entry.order; to -= 1)
      entries[to] = entries[to - 1] as Entry<T>;
    entries[to] = entry;
  }
  return entries;
}

type Found<T> = Entry<T>[] | undefined;

function collect<T>(bucket: Bucket<T>, subject: Subject, checkIntent: boolean, found: Found<T>): Found<T> {
  for (const entry of bucket.others)
    if (selects(entry, subject, checkIntent) && matchesTarget(entry.pattern, subject)) (found ??= []).push(entry);
  if (bucket.byTarget.size > 0) found = pushAll(bucket.byTarget.get(subject.target), subject, checkIntent, found);
  if (bucket.byFoldedTarget.size > 0)
    found = pushAll(bucket.byFoldedTarget.get(foldedTargetOf(subject)), subject, checkIntent, found);
  return found;
}

function pushAll<T>(entries: Found<T>, subject: Subject, checkIntent: boolean, found: Found<T>): Found<T> {
  if (entries === undefined) return found;
  for (const entry of entries) if (selects(entry, subject, checkIntent)) (found ??= []).push(entry);
  return found;
}

const selects = <T>({ pattern }: Entry<T>, { intent }: Subject, checkIntent: boolean) =>
  !checkIntent || matchesGlob(pattern.intent, intent);
