import type { Caller } from '@countersign/identity';
import type { Instant } from '@countersign/kernel';
import type { EvaluationInput } from '@countersign/policy';
import type { BlockingReason } from './approval.rejections.ts';
import type { ApprovalEventOf } from './approval.events.ts';
import type { Electorate } from './electorate.ts';
import type { BudgetAsk } from './requirement.ts';
import type { StoppedTime } from './stop-clock.ts';

/** How far over its cap a budget would go if the action were taken now; 0 when it fits by now. */
export interface Excess {
  /** In the budget's unit: nano-USD for `usd`. */
  readonly amount: bigint;
  readonly windowStart: Instant;
  readonly windowEnd: Instant | null;
}

/** The edited action as the policies and budgets in force decide it, its times counted from now. */
export type Redecision =
  | { readonly verdict: 'block'; readonly reasons: readonly BlockingReason[] }
  | Omit<ApprovalEventOf<'ApprovalEdited'>, 'approvalId' | 'by'>;

/** The action that is decided on, as a grant has to cover it. */
export interface Grantable {
  readonly input: EvaluationInput;
  /** Today's rules that ask about it, as `rulesThatAsked` says them; null when no grant can stand in for them. */
  readonly rules: readonly string[] | null;
}

/** What a command is judged against besides the rows: all of it read under the lock. */
export interface ApprovalFacts extends Electorate {
  /** Who commands, and what their credential is limited to. A member's `actor.id` is the member's id. */
  readonly by: Caller;
  /** When stops covered the approval's action since it was opened. Irrelevant to commands about grants. */
  readonly stops: readonly StoppedTime[];
  /** Asked of the approval's own budgets only. */
  readonly excessOf: (ask: BudgetAsk) => Excess;
  /** For `EditApproval`; otherwise null. */
  readonly redecided: Redecision | null;
  /** For an approval that offers a grant; otherwise null. */
  readonly grantable: Grantable | null;
}
