/// <reference lib="es2024.string" />
import { survivesRoundTrip } from './json-number.ts';
import { formatPath } from './json-path.ts';

/** Why a text is refused. Codes are permanent. */
export const jsonCodes = {
  'json.syntax': 'The text is not JSON (RFC 8259), or has a byte order mark, or goes on after its end.',
  'json.duplicate_key': 'An object has the same key twice, which readers take in different ways.',
  'json.number': 'A number is not finite, or would not survive being read as a double.',
  'json.surrogate': 'A string holds half of a surrogate pair, which is no character.',
  'json.nul': 'A string holds U+0000.',
  'json.depth': 'The text is nested deeper than it may be.',
  'json.size': 'The text is longer than it may be.',
} as const;
export type JsonProblemCode = keyof typeof jsonCodes;

/** The first thing wrong with a text. */
export interface JsonProblem {
  readonly code: JsonProblemCode;
  /** Of the value or key at fault, as `args.items[3].price`; empty at the top; clipped when very long. */
  readonly path: string;
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
  /** Continues the path: `is nested deeper than …`. */
  readonly message: string;
}

/** A cursor over the text, and the way down to it. */
interface Reader {
  readonly text: string;
  readonly depthMax: number;
  readonly path: (string | number)[];
  at: number;
}

class Refusal extends Error {
  constructor(
    readonly code: JsonProblemCode,
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

const SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /-?[A-Za-z]+/y;
const STRING_RUN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

const PATH_LENGTH_MAX = 200;
const TOKEN_LENGTH_MAX = 40;

/**
 * Reads a refused text once more, slowly, to say where and why. Linear in the text. For a text without fault
 * it answers `json.syntax`: whoever refused it had a reason that this reader does not know.
 */
export function diagnose(text: string, depthMax: number): JsonProblem {
  const reader: Reader = { text, depthMax, path: [], at: 0 };
  try {
    readText(reader);
    return { code: 'json.syntax', path: '', offset: 0, message: 'is not JSON that every reader reads alike' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const path = clip(formatPath(reader.path), PATH_LENGTH_MAX);
    return { code: error.code, path, offset: error.offset, message: error.message };
  }
}

function readText(reader: Reader): void {
  if (reader.text.startsWith('\ufeff'))
    throw new Refusal('json.syntax', 0, 'starts with a byte order mark; send UTF-8 without one');
  readValue(reader, 0);
  if (reader.at < reader.text.length)
    throw new Refusal('json.syntax', reader.at, `goes on with ${found(reader)} after the end; send one value`);
}

/** Leaves the cursor on the next thing after the value and its white space. */
function readValue(reader: Reader, depth: number): void {
  take(reader, SPACE);
  const start = reader.text[reader.at];
  if (start === '{') readContainer(reader, depth, readMembers);
  else if (start === '[') readContainer(reader, depth, readItems);
  else if (start === '"') readString(reader);
  else if (/[-0-9A-Za-z]/.test(start ?? '')) readWordOrNumber(reader);
  else throw new Refusal('json.syntax', reader.at, `has ${found(reader)} where a value belongs`);
  take(reader, SPACE);
}

function readContainer(reader: Reader, depth: number, readContent: (reader: Reader, depth: number) => void): void {
  if (depth >= reader.depthMax)
    throw new Refusal('json.depth', reader.at, `is nested deeper than ${reader.depthMax} levels; send it flatter`);
  const end = reader.text[reader.at] === '{' ? '}' : ']';
  reader.at += 1;
  take(reader, SPACE);
  if (reader.text[reader.at] !== end) readContent(reader, depth + 1);
  expect(reader, end, `has ${found(reader)} where \`,\` or \`${end}\` belongs`);
}

function readMembers(reader: Reader, depth: number): void {
  const keys = new Set<string>();
  do {
    take(reader, SPACE);
    const offset = reader.at;
    const key = readKey(reader);
    reader.path.push(key);
    if (keys.has(key)) throw new Refusal('json.duplicate_key', offset, 'appears twice in one object; send it once');
    keys.add(key);
    readValue(reader, depth);
    reader.path.pop();
  } while (skip(reader, ','));
}

function readItems(reader: Reader, depth: number): void {
  for (let index = 0; index === 0 || skip(reader, ','); index += 1) {
    reader.path.push(index);
    readValue(reader, depth);
    reader.path.pop();
  }
}

/** Reads `"key" :`. */
function readKey(reader: Reader): string {
  if (reader.text[reader.at] !== '"')
    throw new Refusal('json.syntax', reader.at, `has ${found(reader)} where a key in double quotes belongs`);
  const key = readString(reader);
  take(reader, SPACE);
  expect(
    reader,
    ':',
    `has ${found(reader)} where \`:\` belongs after the key ${clip(JSON.stringify(key), TOKEN_LENGTH_MAX)}`,
  );
  return key;
}

function readString(reader: Reader): string {
  const start = reader.at;
  reader.at += 1;
  take(reader, STRING_RUN);
  while (reader.text[reader.at] === '\\') {
    const offset = reader.at;
    if (take(reader, ESCAPE) === '')
      throw new Refusal('json.syntax', offset, 'has a backslash that starts no JSON escape');
    take(reader, STRING_RUN);
  }
  expect(reader, '"', `has ${found(reader)} inside a string; close the string or escape the character`);

  const text = JSON.parse(reader.text.slice(start, reader.at)) as string;
  refuseBrokenText(reader.text.slice(start, reader.at), text, start);
  return text;
}

/** Half a pair is broken both as written and as read: a raw half beside an escaped half is no character either. */
function refuseBrokenText(written: string, text: string, offset: number): void {
  if (!written.isWellFormed() || !text.isWellFormed())
    throw new Refusal('json.surrogate', offset, 'holds half of a surrogate pair; send whole characters');
  if (text.includes('\0')) throw new Refusal('json.nul', offset, 'holds the character U+0000; leave it out');
}

function readWordOrNumber(reader: Reader): void {
  const offset = reader.at;
  const word = take(reader, WORD);
  if (/^-?(?:NaN|Infinity)$/.test(word))
    throw new Refusal('json.number', offset, `is ${word}; send a finite number, or null`);
  if (['true', 'false', 'null'].includes(word)) return;
  if (word !== '')
    throw new Refusal('json.syntax', offset, `has \`${clip(word, TOKEN_LENGTH_MAX)}\` where a value belongs`);

  const token = take(reader, NUMBER);
  if (token === '') throw new Refusal('json.syntax', offset, `has ${found(reader)} where a number belongs`);
  if (!survivesRoundTrip(token)) throw new Refusal('json.number', offset, lossOf(token));
}

function lossOf(token: string): string {
  const written = clip(token, TOKEN_LENGTH_MAX);
  return `is ${written}, which as a double would become ${Number(token)}; send fewer digits, or a string`;
}

/** Moves past what the sticky pattern matches, and gives it. */
function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const matched = pattern.exec(reader.text)?.[0] ?? '';
  reader.at += matched.length;
  return matched;
}

function skip(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function expect(reader: Reader, character: string, message: string): void {
  if (!skip(reader, character)) throw new Refusal('json.syntax', reader.at, message);
}

function found({ text, at }: Reader): string {
  const code = text.codePointAt(at);
  if (code === undefined) return 'the end of the text';
  if (code > 0x20 && code < 0x7f) return `\`${String.fromCodePoint(code)}\``;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

const clip = (text: string, lengthMax: number) =>
  text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
