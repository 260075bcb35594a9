/// <reference lib="es2024.string" />
import canonicalize from 'canonicalize';
import { isContainer, isList, type JsonObject, type JsonValue } from './json-value.ts';

/**
 * The one text that every implementation of RFC 8785 gives this value: keys sorted by UTF-16 code units,
 * numbers as ECMAScript prints them, no white space. For what agents send, before it is digested.
 *
 * @throws {Error} for NaN, infinities and lone surrogates, none of which `readJson` lets through, and for `undefined`.
 */
export function canonicalJson(value: JsonValue): string {
  // The platform writes numbers and texts as RFC 8785 does, so where the keys are in order it writes all of it.
  if (isInOrder(value)) return JSON.stringify(value);
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('undefined has no canonical JSON; pass a JSON value');
  return text;
}

/** Whether every object's keys are sorted by UTF-16 code units as they stand, and nothing has to be refused. */
function isInOrder(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (!isContainer(value)) return value !== undefined;
  return isList(value) ? value.every(isInOrder) : areMembersInOrder(value as JsonObject);
}

function areMembersInOrder(value: JsonObject): boolean {
  let previous: string | null = null;
  for (const key in value) {
    if (previous !== null && key < previous) return false;
    if (!key.isWellFormed() || !isInOrder(value[key] as JsonValue)) return false;
    previous = key;
  }
  return true;
}
