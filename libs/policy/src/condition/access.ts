import type { ASTNode } from '@marcbachmann/cel-js';
import { lookUp, refuse, sourceOf, type Compiler, type Expression, type Run } from './compiler.ts';
import { fault, type ConditionFault } from './fault.ts';
import { roots, type Root } from './roots.ts';
import { hasKey, kindOf, wordsFor, type Kind } from './value.ts';

type NodeOf<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>;

export function compileName(compiler: Compiler, node: NodeOf<'id'>): Expression {
  const name = node.args;
  const slot = compiler.locals.lastIndexOf(name);
  if (slot >= 0) return { run: ({ locals }) => locals[slot], kind: 'dyn' };

  const root = lookUp(roots, name);
  if (root === undefined)
    return refuse(compiler, node, `\`${name}\` is not known: a condition reads ${Object.keys(roots).join(', ')}`);
  const { read } = root;
  return { run: ({ input }) => read(input), kind: root.kind };
}

/** `args.amount`: the key must be there. */
export function compileField(compiler: Compiler, node: NodeOf<'.'>): Expression {
  const [holder, key] = node.args;
  const root = rootOf(compiler, holder);
  const field = root?.fields && lookUp(root.fields, key);
  if (root?.fields && field === undefined)
    return refuse(
      compiler,
      node,
      `\`${sourceOf(node)}\` does not exist: there is ${Object.keys(root.fields).join(', ')}`,
    );
  return keyed(compiler, node, { holder, key, kind: field?.kind ?? 'dyn' });
}

/** `args["line-items"]`, `args.items[0]`. */
export function compileIndex(compiler: Compiler, node: NodeOf<'[]'>): Expression {
  const [holder, index] = node.args;
  if (index.op === 'value' && typeof index.args === 'string')
    return keyed(compiler, node, { holder, key: index.args, kind: 'dyn' });

  const held = compiler.compile(holder).run;
  const at = compiler.compile(index).run;
  const source = sourceOf(node);
  return { run: (frame) => elementOf(held(frame), at(frame), source), kind: 'dyn' };
}

interface Keyed {
  readonly holder: ASTNode;
  readonly key: string;
  readonly kind: Kind;
}

function keyed(compiler: Compiler, node: ASTNode, { holder, key, kind }: Keyed): Expression {
  const held = compiler.compile(holder);
  if (held.kind !== 'dyn' && held.kind !== 'map')
    return refuse(compiler, node, `\`${sourceOf(holder)}\` is ${wordsFor(held.kind)}, so it has no \`${key}\``);
  return { run: reader(held.run, key, { whole: sourceOf(node), holder: sourceOf(holder) }), kind };
}

interface Sources {
  readonly whole: string;
  readonly holder: string;
}

const reader = (held: Run, key: string, sources: Sources): Run => {
  return (frame) => {
    const map = held(frame);
    if (hasKey(map, key) && !Array.isArray(map)) return map[key];
    throw absent(map, key, sources);
  };
};

function absent(map: unknown, key: string, { whole, holder }: Sources): ConditionFault {
  const kind = kindOf(map);
  return fault(
    kind === 'map' ? `\`${whole}\` is missing` : `\`${holder}\` is ${wordsFor(kind)}, so it has no \`${key}\``,
  );
}

function elementOf(held: unknown, at: unknown, source: string): unknown {
  const isThere =
    typeof at === 'number'
      ? Array.isArray(held) && Number.isInteger(at) && at >= 0 && at < held.length
      : isKeyOf(held, at);
  if (isThere) return (held as Record<string | number, unknown>)[at as string | number];
  throw fault(`\`${source}\` is missing`);
}

const isKeyOf = (held: unknown, at: unknown) => typeof at === 'string' && kindOf(held) === 'map' && hasKey(held, at);

/** `has(args.amount)`: whether the last key is there. What leads to it must be. */
export function compileHas(compiler: Compiler, node: NodeOf<'call'>): Expression {
  const subject = node.args[1][0];
  const step = subject && node.args[1].length === 1 ? lastStep(subject) : null;
  if (step === null) return refuse(compiler, node, '`has` takes one path, such as has(args.amount)');

  const root = rootOf(compiler, step.holder);
  if (root?.fields && lookUp(root.fields, step.key) === undefined) compiler.compile(subject as ASTNode);
  const held = compiler.compile(step.holder).run;
  const sources = { whole: sourceOf(subject as ASTNode), holder: sourceOf(step.holder) };
  return { run: (frame) => isThere(held(frame), step.key, sources), kind: 'bool' };
}

function isThere(map: unknown, key: string, sources: Sources): boolean {
  if (kindOf(map) !== 'map') throw absent(map, key, sources);
  return hasKey(map, key);
}

/** The mapping and the key that a path ends in. */
export function lastStep(node: ASTNode): { holder: ASTNode; key: string } | null {
  if (node.op === '.') return { holder: node.args[0], key: node.args[1] };
  if (node.op !== '[]') return null;
  const [holder, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string' ? { holder, key: index.args } : null;
}

function rootOf(compiler: Compiler, node: ASTNode): Root | undefined {
  return node.op === 'id' && !compiler.locals.includes(node.args) ? lookUp(roots, node.args) : undefined;
}
