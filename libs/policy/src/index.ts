import type { CompiledPolicy } from './compiled-policy.ts';
import type { PolicyDocument } from './policy-document.ts';
import type { AttachedPolicy, Evaluation, EvaluationInput } from './policy.evaluation.ts';
import type { Problem } from './problem.ts';

export type { CompiledBudget, CompiledPolicy } from './compiled-policy.ts';
export type { PolicyDocument } from './policy-document.ts';
export type {
  ApprovalRequirement,
  AttachedPolicy,
  ConditionOutcome,
  Evaluation,
  EvaluationInput,
  Layer,
  PriceRule,
  Reason,
  SelectedBudget,
  SelectedMaxNew,
  SelectedRate,
  ShadowVerdict,
  UnknownPrice,
  Verdict,
} from './policy.evaluation.ts';
export type { Problem } from './problem.ts';

/** What `compileStack` makes of the policies attached to one agent (and user): cache it per agent and epoch. */
export interface Stack {
  readonly attached: readonly AttachedPolicy[];
}
export interface PolicyDiff {
  readonly text: string;
  readonly rules: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly budgets: { readonly added: readonly string[]; readonly removed: readonly string[]; readonly changed: readonly string[] };
}

export declare function parsePolicy(text: string): { document: PolicyDocument | null; problems: Problem[] };
export declare function compilePolicy(document: PolicyDocument): CompiledPolicy;
export declare function compileStack(attached: readonly AttachedPolicy[]): Stack;
export declare function evaluateStack(stack: Stack, input: EvaluationInput): Evaluation;
export declare function evaluate(attached: readonly AttachedPolicy[], input: EvaluationInput): Evaluation;
export declare function comparePolicies(previous: CompiledPolicy, next: CompiledPolicy): Problem[];
export declare function diffPolicies(previous: CompiledPolicy | null, next: CompiledPolicy): PolicyDiff;
export declare function onlyShadow(attached: readonly AttachedPolicy[]): boolean;
export declare const policyCodes: Readonly<Record<string, string>>;
