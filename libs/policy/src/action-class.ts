import { matchesPattern, parsePattern, patternFault, subjectOf } from '@countersign/kernel/patterns';
import { compileCondition, frameOf, runCondition } from './condition/condition.ts';
import type { EvaluationInput } from './policy.evaluation.ts';

/** A class of actions as people write it: a pattern, and a condition on what may vary; null is no condition. */
export interface ActionClassText {
  readonly pattern: string;
  readonly when: string | null;
}

/** A class of actions, ready to be asked. Immutable. */
export interface ActionClass {
  /**
   * Whether the action is of this class. Targets are compared by exact code points, as an allow compares them. Never
   * throws: an action for which the condition has no outcome, for a path it lacks or for its cost, is not of the class.
   */
  readonly covers: (input: EvaluationInput) => boolean;
}

export interface ActionClassProblem {
  readonly field: 'pattern' | 'when';
  /** Goes on after the field's name: "is empty". */
  readonly message: string;
}

export type CompiledActionClass =
  | { readonly actionClass: ActionClass; readonly problems: readonly [] }
  | { readonly actionClass: null; readonly problems: readonly ActionClassProblem[] };

/** Reads a class of actions; what is wrong with it is told, never thrown. */
export function compileActionClass({ pattern, when }: ActionClassText): CompiledActionClass {
  const fault = patternFault(pattern);
  const { condition, problems: faults } = when === null ? UNCONDITIONAL : compileCondition(when);
  const problems: ActionClassProblem[] = [
    ...(fault === null ? [] : [{ field: 'pattern' as const, message: fault }]),
    ...faults.map(({ message }) => ({ field: 'when' as const, message })),
  ];
  if (problems.length > 0) return { actionClass: null, problems };

  const parsed = parsePattern(pattern, 'exact');
  const covers = (input: EvaluationInput) =>
    matchesPattern(parsed, subjectOf(input.intent, input.target)) &&
    (condition === null || runCondition(condition, frameOf(input)) === 'held');
  return { actionClass: { covers }, problems: [] };
}

const UNCONDITIONAL = { condition: null, problems: [] } as const;
