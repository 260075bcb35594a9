import type { Instant, Unit } from '@countersign/kernel';
import type { ApprovalRequirement, Scope, UnknownPrice, Verdict, Window } from './policy.evaluation.ts';

/** What a policy text says, checked, with units resolved and the line of everything a reason may name. */
export interface PolicyDocument {
  readonly text: string;
  readonly name: string;
  readonly description: string | null;
  readonly mode: 'enforce' | 'shadow';
  /** Null when left out: the attachment's layer then says what happens. */
  readonly default: 'block' | 'ask' | 'abstain' | null;
  readonly defaultLine: number | null;
  readonly rules: readonly Rule[];
  readonly neverAutoApprove: readonly { readonly match: string; readonly line: number }[];
  readonly budgets: readonly DocumentBudget[];
  readonly rates: readonly DocumentRate[];
  readonly maxNews: readonly DocumentMaxNew[];
  readonly models: ModelLists | null;
  readonly prices: readonly DocumentPrice[];
  readonly unknownPrice: UnknownPrice | null;
  readonly explain: 'none' | 'message' | 'full' | null;
  readonly record: 'full' | 'digest' | null;
  readonly redact: readonly string[];
}

export interface Rule {
  readonly effect: Verdict;
  readonly match: string;
  readonly when: string | null;
  readonly message: string | null;
  /** Set exactly when the effect is `ask`. */
  readonly approval: ApprovalRequirement | null;
  readonly holdForMs: number | null;
  readonly line: number;
}

/**
 * `attached` counts each agent by itself, or, when the policy is attached to a user, each user. `selects` is a
 * pattern, or one of the two families of the short form.
 */
export interface DocumentBudget {
  readonly name: string;
  readonly scope: Scope | 'attached';
  readonly selects: { readonly pattern: string } | { readonly family: 'ai' | 'llm' };
  readonly unit: Unit;
  readonly window: Window;
  readonly cap: bigint;
  readonly onExceed: 'block' | 'ask';
  readonly approval: ApprovalRequirement | null;
  readonly raiseMax: bigint | null;
  readonly warnAt: readonly number[];
  readonly assume: bigint | null;
  readonly startNow: boolean;
  readonly line: number;
}

export interface DocumentRate {
  readonly match: string;
  readonly scope: Scope;
  readonly max: number;
  readonly perMs: number;
  readonly line: number;
}

export interface DocumentMaxNew {
  readonly kind: 'run' | 'user';
  readonly max: number;
  readonly perMs: number;
  readonly line: number;
}

/** Null lists restrict nothing. */
export interface ModelLists {
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[] | null;
  readonly line: number;
}

export interface DocumentPrice {
  readonly provider: string;
  readonly model: string;
  readonly inputPerMTok: string;
  readonly cachedInputPerMTok: string | null;
  readonly outputPerMTok: string;
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly line: number;
}
