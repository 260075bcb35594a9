import { fault } from './fault.ts';

/** Kinds of values in conditions. `dyn` is a value whose kind only the action knows. */
export type Kind = 'number' | 'string' | 'bool' | 'null' | 'list' | 'map' | 'usd' | 'timestamp' | 'duration' | 'dyn';

/** An instant, in milliseconds since 1970 UTC. */
export class Timestamp {
  constructor(readonly ms: number) {}
}

/** A span of time in milliseconds, possibly negative. */
export class Span {
  constructor(readonly ms: number) {}
}

export type List = readonly unknown[];
export type Json = Readonly<Record<string, unknown>>;

/** Money is the only bigint, in nano-USD, so that no comparison of money goes through a float. */
export function kindOf(value: unknown): Exclude<Kind, 'dyn'> {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'usd';
    case 'object':
      return kindOfObject(value);
    default:
      throw fault('reads something that is not JSON');
  }
}

function kindOfObject(value: object | null): Exclude<Kind, 'dyn'> {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Timestamp) return 'timestamp';
  return value instanceof Span ? 'duration' : 'map';
}

const words: Record<Kind, string> = {
  number: 'a number',
  string: 'a string',
  bool: 'true or false',
  null: 'null',
  list: 'a list',
  map: 'a mapping',
  usd: 'an amount of money',
  timestamp: 'a point in time',
  duration: 'a length of time',
  dyn: 'anything',
};

export const wordsFor = (kind: Kind) => words[kind];

/** Keys are data: `__proto__` and `constructor` are found only where the agent sent them. */
export const hasKey = (map: unknown, key: string): map is Json =>
  typeof map === 'object' && map !== null && Object.hasOwn(map, key) && (map as Json)[key] !== undefined;
