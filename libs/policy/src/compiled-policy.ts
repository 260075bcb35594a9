import type { Unit } from '@countersign/kernel';
import type { Pattern } from '@countersign/kernel/patterns';
import type { Condition } from './condition/condition.ts';
import type { PolicyDocument, Rule } from './policy-document.ts';
import type { Scope, Window } from './policy.evaluation.ts';

/** A policy ready to be attached and evaluated. Immutable; one per version, shared by everything that uses it. */
export interface CompiledPolicy {
  readonly name: string;
  readonly mode: 'enforce' | 'shadow';
  /** The text as published, line endings made `\n`. */
  readonly text: string;
  /** What to hash to know whether two texts are one: knows nothing of versions, attachments or line endings. */
  readonly digestInput: string;
  readonly document: PolicyDocument;
  readonly rules: readonly CompiledRule[];
  readonly budgets: readonly CompiledBudget[];
  /** Team names in `approval` blocks, sorted, each once. */
  readonly referencedTeams: readonly string[];
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly pattern: Pattern;
  readonly condition: Condition | null;
}

/** A budget as the policy declares it, for comparing versions and opening balances. */
export interface CompiledBudget {
  readonly name: string;
  /** `attached`: each agent by itself, or each user when the policy is attached to a user. */
  readonly scope: Scope | 'attached';
  readonly unit: Unit;
  readonly window: Window;
  readonly cap: bigint;
  readonly startNow: boolean;
  readonly line: number;
  /** Whether an action counts. `hasCost` is whether it states a cost in any form. */
  readonly matches: (intent: string, target: string, hasCost: boolean) => boolean;
}
