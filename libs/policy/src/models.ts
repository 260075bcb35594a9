import { fold, globOf, matchesGlob, type Glob, type Subject } from '@countersign/kernel/patterns';
import { usesModel } from './families.ts';
import type { AttachedPolicy, EvaluationInput, Reason } from './policy.evaluation.ts';
import { modelReason } from './reasons.ts';

/** The models that the policies of one point allow and deny: their lists united. */
export interface ModelRestriction {
  /** Null allows every model that is not denied. */
  readonly allow: readonly Glob[] | null;
  readonly deny: readonly Glob[];
  readonly notAllowed: Reason;
  readonly denied: Reason;
  readonly missing: Reason;
}

export function restrictionOf(policies: readonly AttachedPolicy[]): ModelRestriction | null {
  const withLists = policies.filter(({ policy }) => policy.document.models !== null);
  const allowing = withLists.filter(({ policy }) => policy.document.models?.allow);
  const denying = withLists.filter(({ policy }) => policy.document.models?.deny);
  const [first] = withLists;
  if (first === undefined) return null;
  return {
    allow:
      allowing.length === 0 ? null : allowing.flatMap(({ policy }) => policy.document.models?.allow ?? []).map(globOf),
    deny: denying.flatMap(({ policy }) => policy.document.models?.deny ?? []).map((model) => globOf(fold(model))),
    notAllowed: modelReason(allowing[0] ?? first, 'models.not_allowed'),
    denied: modelReason(denying[0] ?? first, 'models.not_allowed'),
    missing: modelReason(first, 'models.missing'),
  };
}

/**
 * Every model the action names must pass: in its cost, and in its context. An action that uses a model and names none
 * there is taken to name it as its target (`llm.chat` to `gpt-4o`); without one it is refused, because leaving things
 * out must not evade a restriction. Allowed models compare exactly, denied ones as block rules compare targets.
 */
export function judgeModels(
  restriction: ModelRestriction,
  subject: Subject,
  { cost, context }: EvaluationInput,
): Reason | null {
  const stated = [cost.model, context['model']].filter(
    (model): model is string => typeof model === 'string' && model !== '',
  );
  if (stated.length === 0 && !usesModel(subject.intent)) return null;
  const named = stated.length > 0 ? stated : [subject.target].filter((target) => target !== '');
  if (named.length === 0) return restriction.missing;
  return refusalOf(restriction, named);
}

function refusalOf({ allow, deny, notAllowed, denied }: ModelRestriction, models: readonly string[]): Reason | null {
  const matchesAny = (globs: readonly Glob[], text: string) => globs.some((glob) => matchesGlob(glob, text));
  if (models.some((model) => matchesAny(deny, fold(model)))) return denied;
  if (allow !== null && !models.every((model) => matchesAny(allow, model))) return notAllowed;
  return null;
}
