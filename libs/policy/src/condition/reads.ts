import type { ASTNode } from '@marcbachmann/cel-js';
import { lastStep } from './access.ts';
import { lookUp } from './compiler.ts';
import { comprehensions } from './comprehensions.ts';
import { roots } from './roots.ts';

/** A path from a root: `['args', 'customer', 'email']`. */
export type Path = readonly string[];

/** What a condition reads, and which of it may be missing without the condition asking first. */
export interface Reads {
  readonly paths: readonly Path[];
  readonly unguarded: readonly { readonly path: Path; readonly at: number }[];
}

interface Walk {
  readonly paths: Map<string, Path>;
  readonly unguarded: Map<string, { path: Path; at: number }>;
}

/** Paths known to be there at some place of the expression, as `keyOf` writes them. */
type Guards = ReadonlySet<string>;

const keyOf = (path: Path) => JSON.stringify(path);

/**
 * Fields of the elements of a list (`p.amount` in `map(p, p.amount)`) count as reading the list; CEL has no guard
 * for each of them that would not change what the expression means.
 */
export function readsOf(ast: ASTNode): Reads {
  const walk: Walk = { paths: new Map(), unguarded: new Map() };
  visit(ast, new Set(), walk);
  return { paths: [...walk.paths.values()], unguarded: [...walk.unguarded.values()] };
}

function visit(node: ASTNode, guards: Guards, walk: Walk): void {
  const path = pathOf(node);
  if (path !== null) return read(node, path, { guards, walk });
  switch (node.op) {
    case '&&':
    case '||':
      return visitLogic(node.args, node.op === '&&', { guards, walk });
    case '?:':
      return visitChoice(node.args, guards, walk);
    case 'call':
      return node.args[0] === 'has' ? visitHas(node.args[1], guards, walk) : visitAll(node.args[1], guards, walk);
    default:
      return visitAll(childrenOf(node), guards, walk);
  }
}

const visitAll = (nodes: readonly ASTNode[], guards: Guards, walk: Walk) =>
  nodes.forEach((node) => visit(node, guards, walk));

interface Place {
  readonly guards: Guards;
  readonly walk: Walk;
}

function read(node: ASTNode, path: Path, { guards, walk }: Place): void {
  walk.paths.set(keyOf(path), path);
  const missing = optionalPrefixes(path).filter((prefix) => !guards.has(keyOf(prefix)));
  if (missing.length > 0 && !walk.unguarded.has(keyOf(path))) walk.unguarded.set(keyOf(path), { path, at: node.pos });
}

/** Either side of a conjunction may guard the other: what is false decides, whatever the other side's fault. */
function visitLogic([left, right]: readonly [ASTNode, ASTNode], isAnd: boolean, { guards, walk }: Place): void {
  visit(left, union(guards, guarded(right, isAnd)), walk);
  visit(right, union(guards, guarded(left, isAnd)), walk);
}

function visitChoice([condition, yes, no]: readonly [ASTNode, ASTNode, ASTNode], guards: Guards, walk: Walk): void {
  visit(condition, guards, walk);
  visit(yes, union(guards, guarded(condition, true)), walk);
  visit(no, union(guards, guarded(condition, false)), walk);
}

/** `has(args.a.b)` needs `args.a`, and reads nothing of the last step but whether it is there. */
function visitHas([subject]: readonly ASTNode[], guards: Guards, walk: Walk): void {
  const step = subject && lastStep(subject);
  if (subject === undefined || !step) return;
  const path = pathOf(subject);
  if (path !== null) walk.paths.set(keyOf(path), path);
  if (step.holder.op !== 'id') visit(step.holder, guards, walk);
}

/** The paths that must be there when the expression comes out as `outcome`. */
function guarded(node: ASTNode, outcome: boolean): Guards {
  if (node.op === '!_') return guarded(node.args, !outcome);
  if (node.op === (outcome ? '&&' : '||')) return union(guarded(node.args[0], outcome), guarded(node.args[1], outcome));
  const asked = outcome && node.op === 'call' && node.args[0] === 'has' ? pathsOf(node.args[1]) : [];
  return new Set(asked.map(keyOf));
}

const pathsOf = (nodes: readonly ASTNode[]): readonly Path[] => nodes.map(pathOf).filter((path) => path !== null);

const union = (a: Guards, b: Guards): Guards => (b.size === 0 ? a : new Set([...a, ...b]));

/** The path a chain of fields spells, from a root; null for everything else, variables of comprehensions included. */
export function pathOf(node: ASTNode): Path | null {
  if (node.op === 'id') return lookUp(roots, node.args) === undefined ? null : [node.args];
  const step = lastStep(node);
  const holder = step && pathOf(step.holder);
  return holder && step ? [...holder, step.key] : null;
}

/** The steps of a path that an action may lack. */
function optionalPrefixes(path: Path): readonly Path[] {
  const root = lookUp(roots, path[0] as string);
  const first = root?.fields && lookUp(root.fields, path[1] as string);
  const firstOptional = root?.isOpen || first?.optional ? 1 : 2;
  return path.slice(firstOptional).map((_, index) => path.slice(0, firstOptional + index + 1));
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
      return [node.args[0]];
    case 'rcall':
      return [node.args[1], ...methodArguments(node.args[0], node.args[2])];
    case 'map':
      return node.args.flat();
    case 'list':
      return node.args;
    default:
      return [node.args].flat().filter((child): child is ASTNode => typeof child === 'object' && child !== null);
  }
}

/** The variable of a comprehension is a name, not a reading. */
const methodArguments = (name: string, args: readonly ASTNode[]) =>
  lookUp(comprehensions, name) === undefined ? args : args.slice(1);
