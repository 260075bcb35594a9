import { formatAmount, toIso, type Instant, type Unit } from '@countersign/kernel';
import type { BudgetScope, SelectedBudget, Subject } from './selected-budget.ts';
import type { WindowKind } from './window.ts';

const NAME_MAX = 80;

const WINDOWS = {
  minute: "minute's",
  hour: "hour's",
  day: "day's",
  month: "month's",
  total: 'total',
} as const satisfies Record<WindowKind, string>;

/** Dollars with at least cents, as people write them: 9.70, but 10. */
export function amountInWords(unit: Unit, amount: bigint): string {
  const text = formatAmount(unit, amount);
  return unit === 'usd' ? text.replace(/\.(\d)$/, '.$10') : text;
}

/** `10 USD`, `1 token`, `3 calls`. */
export function capInWords(unit: Unit, cap: bigint): string {
  if (unit === 'usd') return `${amountInWords(unit, cap)} USD`;
  return `${cap} ${cap === 1n ? unit.slice(0, -1) : unit}`;
}

export function windowInWords(window: WindowKind): string {
  return WINDOWS[window];
}

/** Whom a budget counts: agent `mailer`. */
export function scopeInWords(scope: BudgetScope, subject: Subject): string {
  const name = nameOf(scope, subject);
  return name === null ? `actions without a ${scope}` : `${scope} ${quoted(name)}`;
}

function nameOf(scope: BudgetScope, { names, ...subject }: Subject): string | null {
  if (scope === 'user' || scope === 'run') return subject[scope];
  return names?.[scope] ?? subject[scope];
}

export function budgetInWords({ name, policy }: Pick<SelectedBudget, 'name' | 'policy'>): string {
  return `budget \`${name}\` of policy \`${policy}\``;
}

/** Seconds, unless there are milliseconds to tell. */
export function timeInWords(at: Instant): string {
  return toIso(at).replace('.000Z', 'Z');
}

/** Printable ASCII without backtick and backslash: nearly every name, and twenty times faster to recognize. */
const PLAIN = /^[ -[\]-_a-~]*$/;

/** Agents choose names: what could break a line, hide or pretend to be the end of the quotation is shown as its code. */
function quoted(name: string): string {
  const visible = PLAIN.test(name) ? name : name.replace(/[\p{C}\p{Zl}\p{Zp}`\\]/gu, codeShown);
  return visible.length > NAME_MAX ? `\`${visible.slice(0, NAME_MAX)}…\`` : `\`${visible}\``;
}

function codeShown(hidden: string): string {
  return `\\u{${(hidden.codePointAt(0) ?? 0).toString(16)}}`;
}
