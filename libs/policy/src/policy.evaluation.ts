import type { Instant, Unit } from '@countersign/kernel';
import type { CompiledPolicy } from './compiled-policy.ts';

export type Verdict = 'allow' | 'ask' | 'block';

/** Where a policy is attached, from the widest to the narrowest. */
export type Layer = 'organization' | 'team' | 'agent' | 'user';

/** Whom a cap or a rate counts by itself. */
export type Scope = 'organization' | 'team' | 'agent' | 'user' | 'run';

export type Window = 'minute' | 'hour' | 'day' | 'month' | 'total';

/** One version of a policy at one attachment point; `point` is the id (or the user's name) it is attached to. */
export interface AttachedPolicy {
  readonly layer: Layer;
  readonly point: string;
  readonly version: number;
  readonly policy: CompiledPolicy;
}

/**
 * Everything a condition may see, built by the caller from an action that is already validated.
 * An action without a target has the empty target.
 */
export interface EvaluationInput {
  readonly intent: string;
  readonly target: string;
  /** Plain JSON; its keys are data, `__proto__` and `constructor` included. */
  readonly args: unknown;
  readonly agent: {
    readonly id: string;
    readonly name: string;
    readonly team: string;
    readonly environment: string;
    readonly riskClass: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly team: string;
  readonly user: string | null;
  readonly run: string | null;
  readonly cost: StatedCost;
  readonly context: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly now: Instant;
  /**
   * Outcomes recorded with an earlier decision, by `ConditionOutcome.key`: those conditions are not evaluated again.
   * This is how a decision whose arguments were redacted or erased is re-decided from the ledger.
   */
  readonly recorded?: ReadonlyMap<string, ConditionOutcome['outcome']>;
}

/** `usdNanos` and `tokens` are what the action costs as priced by the caller; null when unknown or not stated. */
export interface StatedCost {
  readonly usdNanos: bigint | null;
  readonly tokens: bigint | null;
  readonly provider?: string;
  readonly model?: string;
  readonly inputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly maxOutputTokens?: number;
}

/**
 * Why a verdict is what it is. `rule` is the pattern as written, `line` its line in the policy's text.
 * Where no policy is to be named (`policy.none`), `policy` is empty and `version` is 0.
 * Messages name paths and patterns of the policy, never values of the action: they go to the agent and the ledger.
 */
export interface Reason {
  readonly code: string;
  readonly policy: string;
  readonly version: number;
  readonly layer: Layer;
  readonly rule: string | null;
  readonly line: number | null;
  readonly message: string;
  readonly effect: Verdict;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What people must do before an asked action may run. `team` null is the agent's own team. */
export interface ApprovalRequirement {
  readonly team: string | null;
  readonly quorum: number;
  readonly expiresInMs: number;
  readonly permitForMs: number;
  readonly requireReason: string | null;
  readonly escalate: { readonly afterMs: number; readonly team: string } | null;
  readonly neverAutoApprove: boolean;
}

export interface SelectedBudget {
  readonly policy: string;
  readonly version: number;
  readonly layer: Layer;
  readonly name: string;
  readonly scope: Scope;
  readonly unit: Unit;
  readonly window: Window;
  /** In the unit: nano-USD for `usd`. */
  readonly cap: bigint;
  readonly onExceed: 'block' | 'ask';
  /** Set exactly when `onExceed` is `ask`. */
  readonly approval: ApprovalRequirement | null;
  readonly raiseMax: bigint | null;
  /** Shares of the cap, ascending, each above 0 and at most 1. */
  readonly warnAt: readonly number[];
  readonly assume: bigint | null;
  readonly startNow: boolean;
  readonly line: number;
}

export interface SelectedRate {
  readonly policy: string;
  readonly version: number;
  readonly layer: Layer;
  readonly scope: Scope;
  readonly match: string;
  readonly max: number;
  readonly perMs: number;
  readonly line: number;
}

/** At most `max` runs (or users) never seen before, per agent, in any `perMs`. */
export interface SelectedMaxNew {
  readonly policy: string;
  readonly version: number;
  readonly layer: Layer;
  readonly kind: 'run' | 'user';
  readonly max: number;
  readonly perMs: number;
  readonly line: number;
}

/** A price per million tokens, as decimal text; the first rule whose provider, model and period fit counts. */
export interface PriceRule {
  readonly policy: string;
  readonly version: number;
  readonly provider: string;
  /** A pattern with `*`. */
  readonly model: string;
  readonly inputPerMTok: string;
  readonly cachedInputPerMTok: string | null;
  readonly outputPerMTok: string;
  /** Valid in [from, until); null is open. */
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly line: number;
}

export type UnknownPrice = 'block' | 'ask' | { readonly assumeNanos: bigint };

/** What a shadow policy alone would have said; one that abstains says nothing. */
export interface ShadowVerdict {
  readonly policy: string;
  readonly version: number;
  readonly layer: Layer;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

/**
 * How a condition came out that read what will not be recorded. The ledger keeps it, so that the decision can be
 * re-decided without the values.
 */
export interface ConditionOutcome {
  /** `<layer>/<policy>@<version>#<index of the rule in the text>`. */
  readonly key: string;
  readonly outcome: 'held' | 'failed' | { readonly error: string } | { readonly cost: string };
}

export interface Evaluation {
  readonly verdict: Verdict;
  /** First what decided, then what else matched. */
  readonly reasons: readonly Reason[];
  /** When `ask`: one per distinct team, its highest quorum, its earliest expiry. Else empty. */
  readonly requirements: readonly ApprovalRequirement[];
  /** Those of enforcing policies whose match selects the action, whatever the verdict. */
  readonly budgets: readonly SelectedBudget[];
  readonly rates: readonly SelectedRate[];
  readonly maxNews: readonly SelectedMaxNew[];
  /** In force, widest layer first: the first that fits counts, so that an agent's policy cannot undercut its organization's. */
  readonly prices: readonly PriceRule[];
  readonly unknownPrice: UnknownPrice;
  readonly shadow: readonly ShadowVerdict[];
  /** The shortest `holdFor` among the allow and ask rules that matched; null when none says. */
  readonly holdForMs: number | null;
  readonly record: 'full' | 'digest';
  readonly redact: readonly string[];
  /** The least that any policy in force wants told. */
  readonly explain: 'none' | 'message' | 'full';
  /** A condition that was evaluated reads `now`: the verdict must be judged again at the decision's own instant. */
  readonly usesNow: boolean;
  readonly neverAutoApprove: boolean;
  /** Outcomes of conditions that read what `record` or `redact` keeps from the ledger. */
  readonly outcomes: readonly ConditionOutcome[];
}
