import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import type { EvaluationInput } from '../policy.evaluation.ts';
import type { Compiler, ConditionProblem, Frame, Run } from './compiler.ts';
import { compileExpression } from './expressions.ts';
import { CONDITION_COST_MAX, ConditionFault, spend } from './fault.ts';
import { readsOf, type Path, type Reads } from './reads.ts';
import { kindOf, wordsFor } from './value.ts';

/** A `when`, compiled once per policy version and run for every action its pattern selects. */
export interface Condition {
  readonly text: string;
  readonly reads: readonly Path[];
  readonly readsNow: boolean;
  readonly run: Run;
  /** Steps of one evaluation, rounds of comprehensions and lengths of texts apart. */
  readonly cost: number;
}

export interface CompiledCondition {
  /** Null when there are problems. */
  readonly condition: Condition | null;
  readonly problems: readonly ConditionProblem[];
  readonly unguarded: Reads['unguarded'];
}

/** What one evaluation's conditions share. */
export const frameOf = (input: EvaluationInput): Frame => ({ input, meter: { left: CONDITION_COST_MAX }, locals: [] });

/** Far beyond what people write, and little enough that parsing cannot exhaust the stack. */
const CONDITION_MAX = 4_000;

const language = new Environment({
  unlistedVariablesAreDyn: true,
  limits: { maxAstNodes: 1_000, maxDepth: 40, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 4 },
});

/** Common Expression Language, of which all numbers are doubles; parsed by a library, evaluated here. */
export function compileCondition(text: string): CompiledCondition {
  const failed = (problem: ConditionProblem): CompiledCondition => ({
    condition: null,
    problems: [problem],
    unguarded: [],
  });
  if (text.trim() === '')
    return failed({ at: 0, message: 'is empty: leave `when` out for a rule without a condition' });
  if (text.length > CONDITION_MAX) return failed({ at: 0, message: `is over ${CONDITION_MAX} characters long` });

  const ast = parse(text);
  return 'message' in ast ? failed(ast) : compileTree(text, ast);
}

function parse(text: string): ASTNode | ConditionProblem {
  try {
    return language.parse(text).ast;
  } catch (error) {
    if (error instanceof ParseError)
      return { at: error.range?.start ?? 0, message: `does not read as a condition: ${error.summary}` };
    // A tower of `!` or of brackets, deeper than the stack.
    if (error instanceof RangeError) return { at: 0, message: 'is nested too deep' };
    throw error;
  }
}

function compileTree(text: string, ast: ASTNode): CompiledCondition {
  const problems: ConditionProblem[] = [];
  const compiler: Compiler = { problems, locals: [], nodes: 0, compile: (node) => compileExpression(compiler, node) };
  const { run, kind } = compiler.compile(ast);
  if (kind !== 'bool' && kind !== 'dyn') problems.push({ at: 0, message: `is ${wordsFor(kind)}, not true or false` });
  if (problems.length > 0) return { condition: null, problems, unguarded: [] };

  const { paths, unguarded } = readsOf(ast);
  const readsNow = paths.some(([root]) => root === 'now');
  return { condition: { text, reads: paths, readsNow, run, cost: compiler.nodes }, problems, unguarded };
}

export type Outcome = 'held' | 'failed' | ConditionFault;

/** Whether the condition holds. A fault is an outcome, never an exception: the caller blocks on it. */
export function runCondition({ run, cost }: Condition, frame: Frame): Outcome {
  try {
    spend(frame.meter, cost);
    const value = run(frame);
    if (typeof value === 'boolean') return value ? 'held' : 'failed';
    return new ConditionFault('error', `the condition is ${wordsFor(kindOf(value))}, not true or false`);
  } catch (error) {
    if (error instanceof ConditionFault) return error;
    return new ConditionFault('error', 'the condition could not be evaluated');
  }
}
