import { may } from './may.ts';
import type { Right } from './right.ts';
import type { Standing } from './standing.ts';
import type { Target, TargetKind } from './target.ts';

/**
 * What an operation asks of whoever calls it. There is no entry that says nothing: an operation that asks for no right
 * says why, and one that only the installation's operator may call says so.
 */
export type OperationRight =
  | { readonly right: Right; readonly on: readonly TargetKind[] }
  | { readonly right: 'operator' }
  | { readonly right: null; readonly why: string };

/** Every operation of one surface or context with what it asks; a missing one does not compile. */
export type OperationRights<Operation extends string = string> = Readonly<Record<Operation, OperationRight>>;

/** What one call comes to: the right its operation names, on each of these. */
export interface Demand {
  readonly asks: OperationRight;
  readonly targets: readonly Target[];
}

/** The right somebody lacks. Says nothing about what the operation was about. */
export interface ForbiddenRejection {
  readonly code: 'identity.forbidden';
  readonly right: Right | 'operator';
}

/**
 * Null when the caller may. An operation about several things needs the right on each; one that names a right but
 * nothing to have it on is refused, because `every` of nothing would be yes.
 */
export function refusalOf(standing: Standing, { asks, targets }: Demand): ForbiddenRejection | null {
  if (asks.right === null) return null;
  if (asks.right === 'operator') return standing.kind === 'operator' ? null : forbidden('operator');
  const { right, on } = asks;
  const isAllowed =
    targets.length > 0 && targets.every((target) => on.includes(target.kind) && may(standing, right, target));
  return isAllowed ? null : forbidden(right);
}

const forbidden = (right: Right | 'operator'): ForbiddenRejection => ({ code: 'identity.forbidden', right });

/**
 * What is wrong with a registry: operations that exist and name nothing, and entries for what does not exist. For the
 * test that walks a whole surface by its schema or routes, where the compiler does not know the names.
 */
export function registryProblems(operations: readonly string[], registry: OperationRights): readonly string[] {
  const known = new Set(operations);
  return [
    ...operations
      .filter((operation) => !Object.hasOwn(registry, operation))
      .map((operation) => `${operation} names no right`),
    ...Object.keys(registry)
      .filter((operation) => !known.has(operation))
      .map((operation) => `${operation} has a right and does not exist`),
  ];
}
