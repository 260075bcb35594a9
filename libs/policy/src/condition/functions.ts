import { emailsOf, hostOf } from './addresses.ts';
import { fault, spend, type Meter } from './fault.ts';
import { nanosOf, sumNumbers } from './money.ts';
import { readSpan, readTimestamp } from './time.ts';
import { kindOf, wordsFor, type Json, type Kind, type List } from './value.ts';

/** A call as it runs: up to two arguments (a method's receiver is the first), already of the kinds the function takes. */
export interface Call {
  readonly a: unknown;
  readonly b: unknown;
  /** The first argument as written, for messages. */
  readonly source: string;
  readonly meter: Meter;
}

export interface ConditionFunction {
  /** The kinds each argument may have. */
  readonly takes: readonly (readonly Kind[])[];
  readonly gives: Kind;
  readonly run: (call: Call) => unknown;
}

const STRINGS: readonly Kind[] = ['string'];
const LISTS: readonly Kind[] = ['list'];

const onString = (gives: Kind, run: (text: string, call: Call) => unknown): ConditionFunction => ({
  takes: [STRINGS],
  gives,
  run: (call) => run(paid(call.a as string, call.meter), call),
});

const onStrings = (gives: Kind, run: (text: string, other: string) => unknown): ConditionFunction => ({
  takes: [STRINGS, STRINGS],
  gives,
  run: ({ a, b, meter }) => {
    paySearch(a as string, b as string, meter);
    return run(a as string, b as string);
  },
});

/** Native search is quadratic on texts made for it (32 KiB in 16 KiB took 42 ms), so the product is what counts. */
function paySearch(text: string, part: string, meter: Meter): void {
  spend(meter, 1 + ((text.length * (part.length + 4)) >> 6));
}

/** Native string operations take about a nanosecond a character, a sixteenth of a step. */
function paid(text: string, meter: Meter): string {
  spend(meter, 1 + (text.length >> 4));
  return text;
}

const size: ConditionFunction = {
  takes: [['string', 'list', 'map']],
  gives: 'number',
  run: ({ a, meter }) => {
    if (typeof a === 'string') return codePoints(a, meter);
    return Array.isArray(a) ? a.length : Object.keys(a as Json).length;
  },
};

function codePoints(text: string, meter: Meter): number {
  spend(meter, text.length);
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Numbers, or money (then plain numbers among it are a fault); nothing adds up to 0. */
const sum: ConditionFunction = {
  takes: [LISTS],
  gives: 'dyn',
  run: ({ a, source, meter }) => {
    const list = a as List;
    spend(meter, list.length);
    const kind = typeof list[0] === 'bigint' ? 'usd' : 'number';
    const stranger = list.findIndex((item) => kindOf(item) !== kind);
    if (stranger >= 0)
      throw fault(`\`sum\` adds numbers, and item ${stranger} of \`${source}\` is ${wordsFor(kindOf(list[stranger]))}`);
    return kind === 'usd' ? (list as bigint[]).reduce((total, each) => total + each, 0n) : sumNumbers(list as number[]);
  },
};

const usd: ConditionFunction = {
  takes: [['number', 'string', 'usd']],
  gives: 'usd',
  run: ({ a, source }) => (typeof a === 'bigint' ? a : nanosOf(a as string | number, source)),
};

const double: ConditionFunction = {
  takes: [['number', 'string']],
  gives: 'number',
  run: ({ a, source }) => (typeof a === 'number' ? a : numberOf(a as string, source)),
};

function numberOf(text: string, source: string): number {
  const isDecimal = text.length <= 40 && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  if (isDecimal && Number.isFinite(Number(text))) return Number(text);
  throw fault(`\`${source}\` is not a number`);
}

/** Functions called as `name(…)`. */
export const functions: Readonly<Record<string, ConditionFunction>> = {
  size,
  sum,
  usd,
  double,
  string: { takes: [['string', 'number', 'bool']], gives: 'string', run: ({ a }) => String(a) },
  lower: onString('string', (text) => text.toLowerCase()),
  host: onString('string', (text, { source, meter }) => hostOf(text, source, meter)),
  emails: onString('list', (text, { source, meter }) => emailsOf(text, source, meter)),
  timestamp: onString('timestamp', (text, { source }) => readTimestamp(text, source)),
  duration: onString('duration', (text, { source }) => readSpan(text, source)),
};

/** Functions called as `value.name(…)`; `matches` and the fields of a clock are compiled apart. */
export const methods: Readonly<Record<string, ConditionFunction>> = {
  size,
  contains: onStrings('bool', (text, part) => text.includes(part)),
  startsWith: onStrings('bool', (text, part) => text.startsWith(part)),
  endsWith: onStrings('bool', (text, part) => text.endsWith(part)),
  lowerAscii: onString('string', (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  upperAscii: onString('string', (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  trim: onString('string', (text) => text.trim()),
  split: {
    takes: [STRINGS, STRINGS],
    gives: 'list',
    run: ({ a, b, meter }) => {
      paySearch(a as string, b as string, meter);
      spend(meter, (a as string).length);
      return (a as string).split(b as string);
    },
  },
  join: {
    takes: [LISTS, STRINGS],
    gives: 'string',
    run: ({ a, b, source, meter }) => joined(a as List, b as string, source, meter),
  },
};

function joined(list: List, separator: string, source: string, meter: Meter): string {
  const stranger = list.findIndex((item) => typeof item !== 'string');
  if (stranger >= 0) throw fault(`\`join\` takes strings, and item ${stranger} of \`${source}\` is none`);
  spend(
    meter,
    (list as string[]).reduce((length, item) => length + item.length + separator.length, 1),
  );
  return list.join(separator);
}
