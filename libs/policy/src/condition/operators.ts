import { fault, spend, type Meter } from './fault.ts';
import { nanosOf } from './money.ts';
import { hasKey, kindOf, Span, Timestamp, wordsFor, type Json, type List } from './value.ts';

/** The two sides of an operator as written, for messages. */
export interface Sides {
  readonly operator: string;
  readonly left: string;
  readonly right: string;
}

const mismatch = ({ operator, left, right }: Sides, a: unknown, b: unknown) =>
  fault(
    `\`${left}\` is ${wordsFor(kindOf(a))} and \`${right}\` is ${wordsFor(kindOf(b))}: \`${operator}\` cannot take both`,
  );

/**
 * Whether two values are the same. Values of different kinds are a fault rather than unequal, because a block rule
 * must not be escaped by sending "true" for true; null is comparable with everything, lists and mappings by content.
 */
export function equal(a: unknown, b: unknown, sides: Sides, meter: Meter): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const [left, right] = sameMoney(a, b, sides);
  if (kindOf(left) !== kindOf(right)) throw mismatch(sides, a, b);
  return sameContent(left, right, meter);
}

/** As `equal`, but values of different kinds are unequal: inside lists and mappings, and for `in`. */
function sameContent(a: unknown, b: unknown, meter: Meter): boolean {
  spend(meter, 1);
  if (a === b) return true;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  if (kind === 'list') return sameLists(a as List, b as List, meter);
  if (kind === 'map') return sameMaps(a as Json, b as Json, meter);
  if (a instanceof Timestamp || a instanceof Span) return a.ms === (b as Timestamp | Span).ms;
  return false;
}

const sameLists = (a: List, b: List, meter: Meter) =>
  a.length === b.length && a.every((item, index) => sameContent(item, b[index], meter));

function sameMaps(a: Json, b: Json, meter: Meter): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => hasKey(b, key) && sameContent(a[key], b[key], meter))
  );
}

/** Money beside a plain number: the number is read as an amount. */
function sameMoney(a: unknown, b: unknown, sides: Sides): [unknown, unknown] {
  if (typeof a === 'bigint' && typeof b === 'number') return [a, nanosOf(b, sides.right)];
  if (typeof a === 'number' && typeof b === 'bigint') return [nanosOf(a, sides.left), b];
  return [a, b];
}

const ordered: ReadonlySet<string> = new Set(['number', 'string', 'usd', 'timestamp', 'duration']);

/** Negative, zero or positive, as a sort wants it: numbers, strings by UTF-16 code unit, money, times. */
export function order(a: unknown, b: unknown, sides: Sides): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = sameMoney(a, b, sides);
  const kind = kindOf(left);
  if (kind !== kindOf(right) || !ordered.has(kind)) throw mismatch(sides, a, b);
  const [first, second] = [measure(left), measure(right)];
  return first < second ? -1 : Number(first > second);
}

const measure = (value: unknown) =>
  value instanceof Timestamp || value instanceof Span ? value.ms : (value as string | bigint);

/** Whether the list holds the value, or the mapping the key. */
export function contains(item: unknown, collection: unknown, sides: Sides, meter: Meter): boolean {
  if (Array.isArray(collection)) return collection.some((each) => sameContent(item, each, meter));
  if (kindOf(collection) === 'map' && typeof item === 'string') return hasKey(collection, item);
  throw mismatch(sides, item, collection);
}

export function add(a: unknown, b: unknown, sides: Sides, meter: Meter): unknown {
  const [left, right] = sameMoney(a, b, sides);
  if (typeof left === 'number' && typeof right === 'number') return finite(left + right, sides);
  if (typeof left === 'bigint' && typeof right === 'bigint') return left + right;
  if (typeof left === 'string' && typeof right === 'string') {
    spend(meter, left.length + right.length);
    return left + right;
  }
  return addOthers(left, right, sides, meter);
}

function addOthers(left: unknown, right: unknown, sides: Sides, meter: Meter): unknown {
  if (Array.isArray(left) && Array.isArray(right)) {
    spend(meter, left.length + right.length);
    return [...(left as List), ...(right as List)];
  }
  if (right instanceof Span) return later(left, right.ms, sides, right);
  if (left instanceof Span) return later(right, left.ms, sides, left);
  throw mismatch(sides, left, right);
}

export function subtract(a: unknown, b: unknown, sides: Sides): unknown {
  const [left, right] = sameMoney(a, b, sides);
  if (typeof left === 'number' && typeof right === 'number') return finite(left - right, sides);
  if (typeof left === 'bigint' && typeof right === 'bigint') return left - right;
  if (left instanceof Timestamp && right instanceof Timestamp) return new Span(left.ms - right.ms);
  if (right instanceof Span) return later(left, -right.ms, sides, right);
  throw mismatch(sides, left, right);
}

function later(time: unknown, ms: number, sides: Sides, span: Span): Timestamp | Span {
  if (time instanceof Timestamp) return new Timestamp(time.ms + ms);
  if (time instanceof Span) return new Span(time.ms + ms);
  throw mismatch(sides, time, span);
}

const scaling = {
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
} as const;

/** Products, quotients and remainders of plain numbers; there is no such thing as dollars times dollars. */
export function scale(operator: keyof typeof scaling, a: unknown, b: unknown, sides: Sides): number {
  if (typeof a !== 'number' || typeof b !== 'number') throw mismatch(sides, a, b);
  return finite(scaling[operator](a, b), sides);
}

function finite(value: number, { operator, left, right }: Sides): number {
  if (Number.isFinite(value)) return value;
  throw fault(`\`${left} ${operator} ${right}\` has no finite result`);
}
