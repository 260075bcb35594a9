import type { Approval } from '@countersign/approvals';
import type { CounterKey } from '@countersign/budgets';
import type { BudgetFigure, EnforcementState } from '@countersign/decisions';
import type { ApprovalId, DecisionId } from '@countersign/kernel';

/** What a page of events is read against. Nothing is judged by it: it says who is told, and by what names. */
export interface NoticeFacts {
  /** The configuration, of now or a moment ago. */
  readonly state: EnforcementState;
  /** Those that the events name, as they are by now. */
  readonly approvals: ReadonlyMap<ApprovalId, Approval>;
  /** The shares of its cap at which a budget of the policies in force warns. */
  readonly warnAt: (policy: string, budget: string) => readonly number[];
  /** What the decisions set aside whose holds nobody reported. */
  readonly held: ReadonlyMap<DecisionId, readonly BudgetFigure[]>;
  /** What was never reported before these events, by counter. */
  readonly unreported: ReadonlyMap<CounterKey, bigint>;
}
