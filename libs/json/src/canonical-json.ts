import canonicalize from 'canonicalize';
import type { JsonValue } from './json-value.ts';

/**
 * The one text that every implementation of RFC 8785 gives this value: keys sorted by UTF-16 code units,
 * numbers as ECMAScript prints them, no white space. For what agents send, before it is digested.
 *
 * @throws {Error} for NaN, infinities and lone surrogates, none of which `readJson` lets through, and for `undefined`.
 */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('undefined has no canonical JSON; pass a JSON value');
  return text;
}
