import type { Decision, OutcomeAnswer } from '@countersign/sdk';
import { formatAmount, parseAmount } from '@countersign/kernel';
import type { AskCounts } from './ask-tally.ts';

type Verdict = Decision['verdict'];
type Reason = Decision['reasons'][number];
export type VerdictCounts = Record<Verdict, number>;

/** Why actions were not simply allowed, by what decided: a rule by its text, a budget by its name. */
export interface Cause {
  readonly verdict: Verdict;
  readonly code: string;
  readonly what: string;
  readonly message: string;
  readonly count: number;
}

/** What was decided, and what it cost. Amounts are decimal USD. */
export interface DecidedCounts extends VerdictCounts {
  readonly runs: number;
  readonly actions: number;
  readonly byIntent: Readonly<Record<string, VerdictCounts>>;
  readonly causes: readonly Cause[];
  readonly spentUsd: string;
  /** The last position that an answer named; -1 without any. */
  readonly lastPosition: number;
  readonly blockedByBudget: number;
  readonly runsOverBudget: number;
}

/** What a replay came to. */
export interface ReplaySummary extends DecidedCounts {
  readonly asks: AskCounts;
}

/** Counts answers as they come. Order does not matter, so runs may be played side by side. */
export class Tally {
  readonly #totals: VerdictCounts = none();
  readonly #byIntent = new Map<string, VerdictCounts>();
  readonly #causes = new Map<string, Cause>();
  readonly #overBudget = new Set<string>();
  #blockedByBudget = 0;
  #spentNanos = 0n;
  #lastPosition = -1;

  decided(run: string, intent: string, decision: Decision): void {
    const { verdict, position } = decision;
    this.#lastPosition = Math.max(this.#lastPosition, position ?? -1);
    this.#totals[verdict] += 1;
    const counts = this.#byIntent.get(intent) ?? none();
    counts[verdict] += 1;
    this.#byIntent.set(intent, counts);
    if (verdict !== 'allow') this.#because(run, decision);
  }

  settled({ settled, position }: OutcomeAnswer): void {
    this.#lastPosition = Math.max(this.#lastPosition, position);
    const { usd } = settled;
    if (usd !== undefined) this.#spentNanos += parseAmount('usd', usd);
  }

  summary(runs: number): DecidedCounts {
    const byIntent = [...this.#byIntent].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      runs,
      actions: this.#totals.allow + this.#totals.ask + this.#totals.block,
      ...this.#totals,
      byIntent: Object.fromEntries(byIntent),
      causes: [...this.#causes.values()].sort((a, b) => b.count - a.count),
      spentUsd: formatAmount('usd', this.#spentNanos),
      lastPosition: this.#lastPosition,
      blockedByBudget: this.#blockedByBudget,
      runsOverBudget: this.#overBudget.size,
    };
  }

  #because(run: string, { verdict, reasons: [reason], budgets }: Decision): void {
    if (verdict === 'block' && reason?.code === 'budget.exceeded') this.#overspent(run, reason, budgets);
    const cause = causeOf(verdict, reason);
    const key = JSON.stringify([verdict, cause.code, cause.what, reason?.line]);
    const known = this.#causes.get(key) ?? cause;
    this.#causes.set(key, { ...known, count: known.count + 1 });
  }

  #overspent(run: string, reason: Reason, budgets: Decision['budgets']): void {
    this.#blockedByBudget += 1;
    if (budgets.some(({ scope, name }) => scope === 'run' && name === nameOf(reason))) this.#overBudget.add(run);
  }
}

/** A cause that nothing was counted for yet. */
function causeOf(verdict: Verdict, reason: Reason | undefined): Cause {
  return { verdict, code: reason?.code ?? 'none', what: nameOf(reason), message: reason?.message ?? '', count: 0 };
}

const nameOf = (reason: Reason | undefined): string => reason?.rule ?? reason?.code ?? '';

const none = (): VerdictCounts => ({ allow: 0, ask: 0, block: 0 });
