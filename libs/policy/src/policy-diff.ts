import type { CompiledPolicy } from './compiled-policy.ts';
import { formatAmount } from '@countersign/kernel';

/** What changed between two versions, for people. */
export interface PolicyDiff {
  /** Every line with `+ `, `- ` or two blanks before it; long unchanged stretches are shortened to `  …`. Empty when nothing changed. */
  readonly text: string;
  readonly rules: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** By name. A changed budget keeps its counters. */
  readonly budgets: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
}

/** A first version differs from nothing: pass null. */
export function diffPolicies(previous: CompiledPolicy | null, next: CompiledPolicy): PolicyDiff {
  const before = rulesOf(previous);
  const after = rulesOf(next);
  return {
    text: diffLines(previous?.text ?? '', next.text),
    rules: { added: without(after, before), removed: without(before, after) },
    budgets: diffBudgets(previous, next),
  };
}

/** One line a rule, without its place: moving a rule changes nothing. */
const rulesOf = (policy: CompiledPolicy | null): readonly string[] =>
  (policy?.rules ?? []).map(({ rule: { effect, match, when, approval } }) => {
    const asked = approval ? ` (${approval.quorum} of ${approval.team ?? 'the agent’s team'})` : '';
    return `${effect} ${match}${when === null ? '' : ` when ${when}`}${asked}`;
  });

const without = (all: readonly string[], others: readonly string[]) => all.filter((each) => !others.includes(each));

function diffBudgets(previous: CompiledPolicy | null, next: CompiledPolicy): PolicyDiff['budgets'] {
  const before = new Map((previous?.document.budgets ?? []).map((budget) => [budget.name, budget]));
  const after = new Map(next.document.budgets.map((budget) => [budget.name, budget]));
  const changed = [...after.values()].flatMap((budget) => {
    const old = before.get(budget.name);
    if (!old || contentOf(old) === contentOf(budget)) return [];
    return [`${budget.name}: cap ${formatAmount(old.unit, old.cap)} to ${formatAmount(budget.unit, budget.cap)}`];
  });
  return {
    added: without([...after.keys()], [...before.keys()]),
    removed: without([...before.keys()], [...after.keys()]),
    changed,
  };
}

const contentOf = (budget: object) =>
  JSON.stringify({ ...budget, line: 0 }, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** Comparing every line with every other is quadratic; beyond this, a changed stretch is shown as replaced whole. */
const CELLS_MAX = 4_000_000;
const CONTEXT_LINES = 3;

function diffLines(before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const changed = diffStretch(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (changed.length === 0) return '';
  const marked = [...a.slice(0, start).map(kept), ...changed, ...a.slice(a.length - end).map(kept)];
  return shorten(marked).join('\n');
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const kept = (line: string) => `  ${line}`;
const added = (line: string) => `+ ${line}`;
const removed = (line: string) => `- ${line}`;

function diffStretch(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length * b.length > CELLS_MAX) return [...a.map(removed), ...b.map(added)];
  const common = commonLengths(a, b);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push(kept(a[i] as string));
      i += 1;
      j += 1;
    } else if ((common[i + 1]?.[j] as number) >= (common[i]?.[j + 1] as number)) lines.push(removed(a[i++] as string));
    else lines.push(added(b[j++] as string));
  }
  return [...lines, ...a.slice(i).map(removed), ...b.slice(j).map(added)];
}

/** At [i][j]: how many lines the rests from `a[i]` and `b[j]` have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i] as Uint32Array, rows[i + 1] as Uint32Array];
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? (below[j + 1] as number) + 1 : Math.max(below[j] as number, row[j + 1] as number);
  }
  return rows;
}

/** Keeps a few unchanged lines round each change. */
function shorten(lines: readonly string[]): readonly string[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1).some((line) => !line.startsWith('  '));
  return lines.flatMap((line, index) => {
    if (isNear(index)) return [line];
    return index === 0 || isNear(index - 1) ? ['  …'] : [];
  });
}
