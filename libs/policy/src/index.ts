export { attachProblems } from './attach-problems.ts';
export { comparePolicies } from './compare-policies.ts';
export { compilePolicy } from './compile-policy.ts';
export { compileText, type CompiledText } from './compile-text.ts';
export type { CompiledBudget, CompiledPolicy } from './compiled-policy.ts';
export { evaluate, evaluateStack } from './evaluate.ts';
export { parsePolicy } from './parse-policy.ts';
export { runCases, type CaseResult, type CaseRun } from './policy-cases.ts';
export { policyCodes, type PolicyCode } from './policy-codes.ts';
export { diffPolicies, type PolicyDiff } from './policy-diff.ts';
export type { PolicyDocument } from './policy-document.ts';
export { policySchema } from './policy-source.ts';
export { applyTemplate, policyTemplates, TemplateError } from './policy-templates.ts';
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
export { compileStack, onlyShadow, type Stack } from './stack.ts';
export { PolicyCommand } from './policy.commands.ts';
export { decidePolicy, type PolicyFacts } from './policy.decider.ts';
export { AttachmentPoint, policyEvents, type PolicyEvent } from './policy.events.ts';
export { policyRejectionCodes, type PolicyRejection } from './policy.rejections.ts';
export {
  attachedAt,
  attachmentKey,
  emptyPolicies,
  evolvePolicies,
  type Attachment,
  type PoliciesState,
  type PublishedPolicy,
} from './policy.state.ts';
