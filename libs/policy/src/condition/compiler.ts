import { serialize, type ASTNode } from '@marcbachmann/cel-js';
import type { EvaluationInput } from '../policy.evaluation.ts';
import type { Meter } from './fault.ts';
import type { Kind } from './value.ts';

/** What a compiled expression runs on. `locals` holds the variables of `all`, `map` and their like, by slot. */
export interface Frame {
  readonly input: EvaluationInput;
  readonly meter: Meter;
  readonly locals: unknown[];
}

export type Run = (frame: Frame) => unknown;

export interface Expression {
  readonly run: Run;
  readonly kind: Kind;
  /** Set for literals. */
  readonly literal?: string | number | boolean | null;
}

/** Something wrong with a condition's text; `at` counts characters from 0. */
export interface ConditionProblem {
  readonly at: number;
  readonly message: string;
}

/** The compilation of one condition. */
export interface Compiler {
  readonly compile: (node: ASTNode) => Expression;
  readonly problems: ConditionProblem[];
  /** Names of local variables; the index is the slot. */
  readonly locals: string[];
  /** Nodes compiled so far: what one evaluation of them costs, in steps. */
  nodes: number;
}

/** The expression as written, short enough for a message. */
export function sourceOf(node: ASTNode): string {
  const source = serialize(node);
  return source.length > 80 ? `${source.slice(0, 79)}…` : source;
}

/** Reports a problem and goes on, so that one look shows them all. */
export function refuse(compiler: Compiler, node: ASTNode, message: string): Expression {
  compiler.problems.push({ at: node.pos, message });
  return { run: () => null, kind: 'dyn' };
}

/** An own entry of a table; names come from policy texts, and `constructor` is one. */
export const lookUp = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
