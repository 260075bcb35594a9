import type { ASTNode } from '@marcbachmann/cel-js';
import { compileField, compileIndex, compileName } from './access.ts';
import { compileCall, compileMethod } from './calls.ts';
import { refuse, sourceOf, type Compiler, type Expression, type Frame, type Run } from './compiler.ts';
import { ConditionFault, fault, spend, type Meter } from './fault.ts';
import { add, contains, equal, order, scale, subtract, type Sides } from './operators.ts';
import { kindOf, Span, Timestamp, wordsFor, type Kind } from './value.ts';

type NodeOf<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>;
type Compilers = { readonly [Op in ASTNode['op']]?: (compiler: Compiler, node: NodeOf<Op>) => Expression };

const compilers: Compilers = {
  value: compileLiteral,
  id: compileName,
  '.': compileField,
  '[]': compileIndex,
  call: compileCall,
  rcall: compileMethod,
  list: compileList,
  map: compileMap,
  '?:': compileChoice,
  '&&': (compiler, node) => compileLogic(compiler, node, false),
  '||': (compiler, node) => compileLogic(compiler, node, true),
  '!_': compileNot,
  '-_': compileMinus,
};

export function compileExpression(compiler: Compiler, node: ASTNode): Expression {
  compiler.nodes += 1;
  const compile = compilers[node.op] as ((compiler: Compiler, node: ASTNode) => Expression) | undefined;
  if (compile) return compile(compiler, node);
  if (node.op in binary) return compileBinary(compiler, node as NodeOf<keyof typeof binary>);
  return refuse(compiler, node, `\`${node.op}\` is not available in conditions`);
}

/** All numbers are doubles, whole ones too, because JSON knows no others. */
function compileLiteral(compiler: Compiler, node: NodeOf<'value'>): Expression {
  const { args } = node;
  if (typeof args === 'bigint') return compileWhole(compiler, node, Number(args));
  if (args === null || typeof args !== 'object') return { run: () => args, kind: kindOf(args), literal: args };
  return refuse(compiler, node, 'unsigned numbers and bytes are not available: write 1 or "text"');
}

function compileWhole(compiler: Compiler, node: ASTNode, value: number): Expression {
  if (!Number.isSafeInteger(value))
    return refuse(compiler, node, 'is a larger whole number than a double holds exactly');
  return { run: () => value, kind: 'number', literal: value };
}

function compileList(compiler: Compiler, node: NodeOf<'list'>): Expression {
  const items = node.args.map((item) => compiler.compile(item).run);
  return { run: (frame) => items.map((item) => item(frame)), kind: 'list' };
}

function compileMap(compiler: Compiler, node: NodeOf<'map'>): Expression {
  const entries = node.args.map(([key, value]) => {
    if (key.op !== 'value' || typeof key.args !== 'string')
      refuse(compiler, key, 'a key is a text, such as {"currency": "EUR"}');
    return [String(key.args), compiler.compile(value).run] as const;
  });
  return { run: (frame) => Object.fromEntries(entries.map(([key, value]) => [key, value(frame)])), kind: 'map' };
}

function compileChoice(compiler: Compiler, node: NodeOf<'?:'>): Expression {
  const [condition, yes, no] = node.args;
  const test = truth(compiler, condition);
  const [first, second] = [compiler.compile(yes), compiler.compile(no)];
  const kind = first.kind === second.kind ? first.kind : 'dyn';
  return { run: (frame) => (test(frame) ? first.run(frame) : second.run(frame)), kind };
}

/** A side that must be true or false. */
function truth(compiler: Compiler, node: ASTNode): (frame: Frame) => boolean {
  const { run, kind } = compiler.compile(node);
  const source = sourceOf(node);
  const complaint = (found: Kind) => `\`${source}\` is ${wordsFor(found)}, not true or false`;
  if (kind !== 'bool' && kind !== 'dyn') refuse(compiler, node, complaint(kind));
  return (frame) => {
    const value = run(frame);
    if (typeof value === 'boolean') return value;
    throw fault(complaint(kindOf(value)));
  };
}

/** As CEL has it, a side that decides outweighs a fault of the other, whichever comes first. */
function compileLogic(compiler: Compiler, node: NodeOf<'&&' | '||'>, deciding: boolean): Expression {
  const left = truth(compiler, node.args[0]);
  const right = truth(compiler, node.args[1]);
  return {
    kind: 'bool',
    run: (frame) => {
      let first: boolean;
      try {
        first = left(frame);
      } catch (error) {
        if (!(error instanceof ConditionFault) || error.kind === 'cost' || right(frame) !== deciding) throw error;
        return deciding;
      }
      return first === deciding ? deciding : right(frame);
    },
  };
}

function compileNot(compiler: Compiler, node: NodeOf<'!_'>): Expression {
  const operand = truth(compiler, node.args);
  return { run: (frame) => !operand(frame), kind: 'bool' };
}

function compileMinus(compiler: Compiler, node: NodeOf<'-_'>): Expression {
  const { run, kind, literal } = compiler.compile(node.args);
  if (typeof literal === 'number') return { run: () => -literal, kind: 'number', literal: -literal };
  if (kind !== 'dyn' && kind !== 'number' && kind !== 'usd')
    return refuse(compiler, node, `\`${sourceOf(node.args)}\` is ${wordsFor(kind)}: it has no negative`);
  const source = sourceOf(node.args);
  return { run: (frame) => negated(run(frame), source), kind };
}

function negated(value: unknown, source: string): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return -value;
  throw fault(`\`${source}\` is ${wordsFor(kindOf(value))}: it has no negative`);
}

type Operate = (a: unknown, b: unknown, sides: Sides, meter: Meter) => unknown;

const binary = {
  '==': equal,
  '!=': (a, b, sides, meter) => !equal(a, b, sides, meter),
  '<': (a, b, sides) => order(a, b, sides) < 0,
  '<=': (a, b, sides) => order(a, b, sides) <= 0,
  '>': (a, b, sides) => order(a, b, sides) > 0,
  '>=': (a, b, sides) => order(a, b, sides) >= 0,
  in: contains,
  '+': add,
  '-': (a, b, sides) => subtract(a, b, sides),
  '*': (a, b, sides) => scale('*', a, b, sides),
  '/': (a, b, sides) => scale('/', a, b, sides),
  '%': (a, b, sides) => scale('%', a, b, sides),
} as const satisfies Readonly<Record<string, Operate>>;

const givesBool: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

function compileBinary(compiler: Compiler, node: NodeOf<keyof typeof binary>): Expression {
  const [a, b] = node.args;
  const left = compiler.compile(a);
  const right = compiler.compile(b);
  const operate: Operate = binary[node.op];
  const sides = { operator: node.op, left: sourceOf(a), right: sourceOf(b) };
  const kind = resultKind(left.kind, right.kind, { operate, sides });
  if (kind instanceof ConditionFault) return refuse(compiler, node, kind.message);
  return { run: running(left.run, right.run, { operate, sides }), kind };
}

interface Operation {
  readonly operate: Operate;
  readonly sides: Sides;
}

const running =
  (left: Run, right: Run, { operate, sides }: Operation): Run =>
  (frame) => {
    spend(frame.meter, 1);
    return operate(left(frame), right(frame), sides, frame.meter);
  };

/** One value of each kind: what an operator does with them at run time is what it may do at publish. */
const samples: Record<Exclude<Kind, 'dyn'>, unknown> = {
  number: 1,
  string: 'a',
  bool: true,
  null: null,
  list: [],
  map: {},
  usd: 1n,
  timestamp: new Timestamp(0),
  duration: new Span(0),
};

function resultKind(left: Kind, right: Kind, { operate, sides }: Operation): Kind | ConditionFault {
  if (left === 'dyn' || right === 'dyn') return givesBool.has(sides.operator) ? 'bool' : 'dyn';
  try {
    return kindOf(operate(samples[left], samples[right], sides, { left: 100 }));
  } catch (error) {
    if (error instanceof ConditionFault) return error;
    throw error;
  }
}
