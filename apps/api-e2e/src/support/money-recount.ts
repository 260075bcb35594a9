import type { Figure, LedgerRow } from './recorded-ledger.ts';

/** What a ledger says of caps, counted a second time by adding and subtracting alone. */
export interface Recount {
  readonly allowed: number;
  readonly blocked: number;
  /** Positions of allows that bring a budget above its cap. */
  readonly overCap: readonly number[];
  /** Positions of refusals by budget although what was asked still fitted. */
  readonly wronglyRefused: readonly number[];
  /** Decision ids that stand in the ledger more than once. */
  readonly twice: readonly string[];
  /** Request ids that were decided more than once. */
  readonly requestsTwice: readonly string[];
}

interface Held {
  readonly key: string;
  readonly amount: bigint;
}

/**
 * Follows settled plus held of every counter from position to position. Shares no code with the project: what a budget
 * holds is recomputed from allows and outcomes, and the figures that decisions recorded of it are not believed.
 */
export function recount(rows: readonly LedgerRow[]): Recount {
  const used = new Map<string, bigint>();
  const holds = new Map<string, readonly Held[]>();
  const overCap: number[] = [];
  const wronglyRefused: number[] = [];
  const decisions = rows.filter(({ type }) => type === 'ActionDecided');
  for (const row of rows) {
    if (row.type === 'ActionDecided') judgeDecision(row, { used, holds, overCap, wronglyRefused });
    if (row.type === 'OutcomeReported') settle(row, used, holds);
  }
  return {
    allowed: decisions.filter(({ payload }) => payload.verdict === 'allow').length,
    blocked: decisions.filter(({ payload }) => payload.verdict === 'block').length,
    overCap,
    wronglyRefused,
    twice: repeated(decisions.map(({ payload }) => payload.decisionId ?? '')),
    requestsTwice: repeated(decisions.map(({ payload }) => payload.requestId ?? '')),
  };
}

interface Books {
  readonly used: Map<string, bigint>;
  readonly holds: Map<string, readonly Held[]>;
  readonly overCap: number[];
  readonly wronglyRefused: number[];
}

function judgeDecision({ position, payload }: LedgerRow, books: Books): void {
  const { verdict, budgets = [], reasons = [] } = payload;
  const exceeding = budgets.filter((figure) => usedAfter(figure, books) > nanos(figure.cap));
  if (verdict === 'allow') {
    if (exceeding.length > 0) books.overCap.push(position);
    hold(payload, books);
  } else if (reasons.some(({ code }) => code === 'budget.exceeded') && exceeding.length === 0)
    books.wronglyRefused.push(position);
}

function hold({ decisionId = '', budgets = [] }: LedgerRow['payload'], books: Books): void {
  for (const figure of budgets) books.used.set(keyOf(figure), usedAfter(figure, books));
  books.holds.set(
    decisionId,
    budgets.map((figure) => ({ key: keyOf(figure), amount: nanos(figure.asked) })),
  );
}

const usedAfter = (figure: Figure, { used }: Books) => (used.get(keyOf(figure)) ?? 0n) + nanos(figure.asked);

/** The held amount becomes the charged one; never both. */
function settle({ payload }: LedgerRow, used: Map<string, bigint>, holds: Map<string, readonly Held[]>): void {
  const { decisionId = '', charged = [] } = payload;
  for (const [index, { key, amount }] of (holds.get(decisionId) ?? []).entries())
    used.set(key, (used.get(key) ?? 0n) - amount + nanos(charged[index] ?? '0'));
  holds.delete(decisionId);
}

const keyOf = ({ policy, budget, instance, unit, windowStart }: Figure) =>
  [policy, budget, instance, unit, windowStart].join('|');

function nanos(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(9, '0'));
}

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
