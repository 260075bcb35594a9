/// <reference lib="es2024.string" />
import { diagnose, type JsonProblem } from './diagnose.ts';
import { isContainer, isList, type JsonObject, type JsonValue } from './json-value.ts';
import { type Survey, surveyOf } from './survey.ts';

export interface JsonLimits {
  /** Containers inside one another; at most 1,000, because values are walked recursively. Default 64. */
  readonly depthMax?: number;
  /** Of the text in UTF-8. Default unbounded: the transport has its own limit. */
  readonly bytesMax?: number;
}

export type JsonRead =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly problem: JsonProblem };

const DEPTH_MAX = 64;

/**
 * Reads JSON (RFC 8259) and refuses what parsers are known to disagree on or to change silently (I-JSON, RFC 7493):
 * duplicate keys, lone surrogates, U+0000, numbers that a double cannot give back. Two readers of an accepted text
 * cannot see different actions. Linear in the text; never throws.
 *
 * `-0` is read as 0, as RFC 8785 writes it: a decision repeated from the record must see the number that was judged.
 * `__proto__` is a plain own key.
 */
export function readJson(text: string, { depthMax = DEPTH_MAX, bytesMax = Infinity }: JsonLimits = {}): JsonRead {
  const problem = sizeProblem(text, bytesMax);
  if (problem) return { ok: false, problem };

  const value = readSound(text, depthMax);
  return value === undefined ? { ok: false, problem: diagnose(text, depthMax) } : { ok: true, value };
}

/**
 * The native parser reads; the survey adds what it hides. Of two equal keys it keeps one, so a value with fewer keys
 * than the text has colons had a duplicate, however the keys were escaped. Undefined: something is wrong, and
 * `diagnose` names it. (A parser of our own took twice as long on 4 KB.)
 */
function readSound(text: string, depthMax: number): JsonValue | undefined {
  const survey = surveyOf(text);
  if (survey.depthMost > depthMax || !survey.numbersSurvive || !text.isWellFormed()) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    if (!isFaithful(value, survey)) return undefined;
    return survey.hasNegativeZero ? withoutNegativeZero(value) : value;
  } catch {
    return undefined;
  }
}

const isFaithful = (value: JsonValue, survey: Survey) =>
  membersOf(value) === survey.members && (!survey.hasUnicodeEscape || isCleanText(value));

function membersOf(value: JsonValue): number {
  if (!isContainer(value)) return 0;
  let members = 0;
  if (isList(value)) for (const item of value) members += membersOf(item);
  else for (const key in value) members += 1 + membersOf((value as JsonObject)[key] ?? null);
  return members;
}

/** No lone surrogate and no U+0000: both are legal escapes, and no text column of Postgres takes them. */
function isCleanText(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (isList(value)) return value.every(isCleanText);
  return !isContainer(value) || Object.entries(value).every(([key, child]) => isCleanText(key) && isCleanText(child));
}

function withoutNegativeZero(value: JsonValue): JsonValue {
  if (value === 0) return 0;
  if (isList(value)) return value.map(withoutNegativeZero);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutNegativeZero(child)]));
}

function sizeProblem(text: string, bytesMax: number): JsonProblem | undefined {
  // No UTF-16 unit takes more than three bytes, so most texts need no counting.
  const bytes = text.length * 3 <= bytesMax ? 0 : bytesOf(text);
  if (bytes <= bytesMax) return undefined;
  return { code: 'json.size', path: '', offset: 0, message: `is ${bytes} bytes long; send at most ${bytesMax}` };
}

/** Length in UTF-8; a lone surrogate counts as the three bytes that would replace it. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += 1 + Number(code > 0x7f) + Number(code > 0x7ff) + Number(code > 0xffff);
  }
  return bytes;
}
