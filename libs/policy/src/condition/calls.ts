import { RE2JS } from '@bufbuild/re2';
import type { ASTNode } from '@marcbachmann/cel-js';
import { compileHas } from './access.ts';
import { compileComprehension, comprehensions } from './comprehensions.ts';
import { lookUp, refuse, sourceOf, type Compiler, type Expression, type Run } from './compiler.ts';
import { fault, spend } from './fault.ts';
import { functions, methods, type ConditionFunction } from './functions.ts';
import { clockFields, isZone, readClock, type ClockField } from './time.ts';
import { kindOf, Timestamp, wordsFor, type Kind } from './value.ts';

type MethodCall = Extract<ASTNode, { op: 'rcall' }>;

export function compileCall(compiler: Compiler, node: Extract<ASTNode, { op: 'call' }>): Expression {
  const [name, args] = node.args;
  if (name === 'has') return compileHas(compiler, node);
  const called = lookUp(functions, name);
  if (called === undefined)
    return refuse(
      compiler,
      node,
      `there is no function \`${name}\`: there is has, ${Object.keys(functions).join(', ')}`,
    );
  return compileFunction(compiler, node, { name, called, args });
}

export function compileMethod(compiler: Compiler, node: MethodCall): Expression {
  const [name, receiver, args] = node.args;
  const comprehension = lookUp(comprehensions, name);
  if (comprehension) return compileComprehension(compiler, node, comprehension);
  if (name === 'matches') return compileMatches(compiler, node);
  if (isClockField(name)) return compileClock(compiler, node, name);
  const called = lookUp(methods, name);
  if (called === undefined)
    return refuse(compiler, node, `there is no method \`${name}\`: there is ${methodNames.join(', ')}`);
  return compileFunction(compiler, node, { name, called, args: [receiver, ...args] });
}

const methodNames = [...Object.keys(methods), 'matches', ...Object.keys(comprehensions), ...clockFields];

interface Called {
  readonly name: string;
  readonly called: ConditionFunction;
  readonly args: readonly ASTNode[];
}

function compileFunction(compiler: Compiler, node: ASTNode, { name, called, args }: Called): Expression {
  const { takes, gives, run } = called;
  const [a, b] = args;
  if (a === undefined || args.length !== takes.length)
    return refuse(compiler, node, `\`${name}\` is called with ${args.length} values, and takes ${takes.length}`);

  const first = checked(compiler, { node: a, takes: takes[0] as readonly Kind[], name });
  const second = b && checked(compiler, { node: b, takes: takes[1] as readonly Kind[], name });
  const source = sourceOf(a);
  return {
    kind: gives,
    run: (frame) => run({ a: first(frame), b: second?.(frame), source, meter: frame.meter }),
  };
}

interface Argument {
  readonly node: ASTNode;
  readonly takes: readonly Kind[];
  readonly name: string;
}

/** Refuses at publish what can never fit, and checks at run time what only the action knows. */
function checked(compiler: Compiler, { node, takes, name }: Argument): Run {
  const { run, kind } = compiler.compile(node);
  const source = sourceOf(node);
  const complaint = (found: Kind) =>
    `\`${source}\` is ${wordsFor(found)}: \`${name}\` takes ${takes.map(wordsFor).join(' or ')}`;
  if (kind !== 'dyn') return takes.includes(kind) ? run : refuse(compiler, node, complaint(kind)).run;
  return (frame) => {
    const value = run(frame);
    const found = kindOf(value);
    if (takes.includes(found)) return value;
    throw fault(complaint(found));
  };
}

/** More would let one character cost microseconds; no expression a person wrote comes near. */
const INSTRUCTIONS_MAX = 500;

/** `text.matches("…")` by RE2, whose time is linear in the text; the pattern must be known at publish. */
function compileMatches(compiler: Compiler, node: MethodCall): Expression {
  const [, receiver, [pattern, ...more]] = node.args;
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string' || more.length > 0)
    return refuse(compiler, node, '`matches` takes one regular expression, written as a literal text');
  const expression = readExpression(pattern.args);
  if (typeof expression === 'string') return refuse(compiler, pattern, expression);

  const text = checked(compiler, { node: receiver, takes: ['string'], name: 'matches' });
  // Measured: at most 60 to 900 ns a character for 8 to 250 instructions.
  const stepsPerCharacter = 16 + 2 * expression.re2().prog.numInst();
  return {
    kind: 'bool',
    run: (frame) => {
      const value = text(frame) as string;
      spend(frame.meter, 1 + value.length * stepsPerCharacter);
      return expression.test(value);
    },
  };
}

function readExpression(pattern: string): RE2JS | string {
  try {
    const expression = new RE2JS(pattern);
    return expression.re2().prog.numInst() > INSTRUCTIONS_MAX ? 'the regular expression is too large' : expression;
  } catch {
    return 'is not a regular expression in RE2 syntax (no back-references, no look-around)';
  }
}

const isClockField = (name: string): name is ClockField => (clockFields as readonly string[]).includes(name);

function compileClock(compiler: Compiler, node: MethodCall, field: ClockField): Expression {
  const [, receiver, [zone, ...more]] = node.args;
  if (more.length > 0 || (zone && !(zone.op === 'value' && typeof zone.args === 'string' && isZone(zone.args))))
    return refuse(compiler, node, `\`${field}\` takes at most a time zone written out, such as "Europe/Zurich"`);
  const instant = checked(compiler, { node: receiver, takes: ['timestamp'], name: field });
  const name = zone?.args as string | undefined;
  return {
    kind: 'number',
    run: (frame) => {
      spend(frame.meter, name === undefined ? 5 : 200);
      return readClock(field, instant(frame) as Timestamp, name);
    },
  };
}
