import type { ASTNode } from '@marcbachmann/cel-js';
import { lookUp, refuse, sourceOf, type Compiler, type Expression, type Frame, type Run } from './compiler.ts';
import { ConditionFault, fault, spend } from './fault.ts';
import { roots } from './roots.ts';
import { kindOf, wordsFor, type Kind, type List } from './value.ts';

/** One pass over a list with a variable; `bodies` are the expressions after the variable. */
interface Pass {
  readonly list: List;
  readonly bodies: readonly Run[];
  /** Sets the variable and pays for one round of the bodies. */
  readonly enter: (item: unknown) => void;
  readonly frame: Frame;
  readonly source: string;
}

interface Comprehension {
  readonly bodies: readonly number[];
  readonly gives: Kind;
  readonly run: (pass: Pass) => unknown;
}

/** CEL's macros over lists, by name. A fault in one element is outweighed by an element that decides. */
export const comprehensions: Readonly<Record<string, Comprehension>> = {
  all: { bodies: [1], gives: 'bool', run: (pass) => !decidedBy(pass, false) },
  exists: { bodies: [1], gives: 'bool', run: (pass) => decidedBy(pass, true) },
  exists_one: { bodies: [1], gives: 'bool', run: (pass) => keep(pass).length === 1 },
  filter: { bodies: [1], gives: 'list', run: keep },
  map: { bodies: [1, 2], gives: 'list', run: transform },
};

function decidedBy({ list, bodies, enter, frame, source }: Pass, deciding: boolean): boolean {
  let first: ConditionFault | null = null;
  for (const item of list) {
    enter(item);
    try {
      if (truth((bodies[0] as Run)(frame), source) === deciding) return true;
    } catch (error) {
      if (!(error instanceof ConditionFault) || error.kind === 'cost') throw error;
      first ??= error;
    }
  }
  if (first !== null) throw first;
  return false;
}

function keep({ list, bodies, enter, frame, source }: Pass): List {
  return list.filter((item) => {
    enter(item);
    return truth((bodies[0] as Run)(frame), source);
  });
}

function transform(pass: Pass): List {
  const { bodies, enter, frame } = pass;
  const [first, second] = bodies as [Run, Run | undefined];
  const chosen = second === undefined ? pass.list : keep(pass);
  return chosen.map((item) => {
    enter(item);
    return (second ?? first)(frame);
  });
}

function truth(value: unknown, source: string): boolean {
  if (typeof value === 'boolean') return value;
  throw fault(`\`${source}\` asks of an element what is ${wordsFor(kindOf(value))}, not true or false`);
}

type MethodCall = Extract<ASTNode, { op: 'rcall' }>;

export function compileComprehension(compiler: Compiler, node: MethodCall, comprehension: Comprehension): Expression {
  const [name, receiver, [variable, ...bodies]] = node.args;
  if (variable?.op !== 'id' || !comprehension.bodies.includes(bodies.length))
    return refuse(
      compiler,
      node,
      `\`${name}\` takes a variable and an expression, such as ${name}(item, item.amount > 5)`,
    );
  if (compiler.locals.includes(variable.args) || lookUp(roots, variable.args) !== undefined)
    return refuse(compiler, variable, `\`${variable.args}\` already means something: name the element otherwise`);

  const iterable = compiler.compile(receiver);
  if (iterable.kind !== 'dyn' && iterable.kind !== 'list')
    return refuse(compiler, node, `\`${sourceOf(receiver)}\` is ${wordsFor(iterable.kind)}: \`${name}\` takes a list`);
  return running(comprehension, { iterable: iterable.run, ...compileBodies(compiler, variable.args, bodies), node });
}

interface Parts {
  readonly iterable: Run;
  readonly slot: number;
  readonly runs: readonly Run[];
  /** Steps of one round. */
  readonly cost: number;
  readonly node: MethodCall;
}

function compileBodies(
  compiler: Compiler,
  variable: string,
  bodies: readonly ASTNode[],
): Omit<Parts, 'iterable' | 'node'> {
  const before = compiler.nodes;
  const slot = compiler.locals.push(variable) - 1;
  const runs = bodies.map((body) => compiler.compile(body).run);
  // The slot stays taken, the name does not: a neighbour may use it again.
  compiler.locals[slot] = '';
  return { slot, runs, cost: 1 + compiler.nodes - before };
}

function running({ run, gives }: Comprehension, { iterable, slot, runs, cost, node }: Parts): Expression {
  const source = sourceOf(node);
  const listSource = sourceOf(node.args[1]);
  return {
    kind: gives,
    run: (frame) => {
      const list = iterable(frame);
      if (!Array.isArray(list)) throw fault(`\`${listSource}\` is ${wordsFor(kindOf(list))} where a list belongs`);
      const enter = (item: unknown) => {
        spend(frame.meter, cost);
        frame.locals[slot] = item;
      };
      return run({ list, bodies: runs, enter, frame, source });
    },
  };
}
