export { compileActionClass, type ActionClass, type ActionClassProblem, type ActionClassText } from './action-class.ts';
export { attachProblems } from './attach-problems.ts';
export { comparePolicies } from './compare-policies.ts';
export { compilePolicy } from './compile-policy.ts';
export { compileText, type CompiledText } from './compile-text.ts';
export type { CompiledBudget, CompiledPolicy } from './compiled-policy.ts';
export { defaultApproval } from './drafting.ts';
export { evaluate, evaluateStack } from './evaluate.ts';
export { parsePolicy } from './parse-policy.ts';
export { runCases, type CaseResult, type CaseRun } from './policy-cases.ts';
export { policyCodes, type PolicyCode } from './policy-codes.ts';
export { diffPolicies, type PolicyDiff } from './policy-diff.ts';
export type { PolicyDocument } from './policy-document.ts';
export { mergeRequirements } from './requirements.ts';
export { askingRulesOf, rulesThatAsked } from './rule-identity.ts';
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
export type { PolicyFacts } from './policy-change.decider.ts';
export { ConfirmPublication, PolicyCommand, RejectPublication, type PolicyChangeCommand } from './policy.commands.ts';
export { decidePolicy, publicationOf } from './policy.decider.ts';
export { AttachmentPoint, policyEvents, type PolicyEvent } from './policy.events.ts';
export { policyRejectionCodes, type PolicyRejection } from './policy.rejections.ts';
export { policyDemand, policyRights } from './policy.rights.ts';
export {
  attachedAt,
  attachmentKey,
  emptyPolicies,
  evolvePolicies,
  type Attachment,
  type PoliciesState,
  type Publication,
  type PublishedPolicy,
} from './policy.state.ts';
export { commandOf } from './publication.ts';
export { confirmersOf } from './publication.decider.ts';
