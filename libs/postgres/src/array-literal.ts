/**
 * Postgres array literals, to be sent as text and cast (`${textArray(names)}::text::text[]`).
 *
 * A batch is a handful of long arrays. Writing them here takes a fraction of what the driver's general serializer
 * takes, and one text parameter needs no description by the server.
 */

/** For values that need no quoting: integers, UUIDs, our own ids. The caller vouches for that. */
export const plainArray = (values: readonly (string | number | bigint)[]) => `{${values.join(',')}}`;

const ESCAPED = /["\\]/g;

const escaped = (value: string) =>
  value.includes('"') || value.includes('\\') ? value.replace(ESCAPED, '\\$&') : value;

/** For any text. */
export function textArray(values: readonly string[]): string {
  return values.length === 0 ? '{}' : `{"${values.map(escaped).join('","')}"}`;
}

/** For bytes. */
export function byteaArray(values: readonly Uint8Array[]): string {
  return values.length === 0 ? '{}' : `{"${values.map(hexEscape).join('","')}"}`;
}

const hexEscape = ({ buffer, byteOffset, length }: Uint8Array) =>
  `\\\\x${Buffer.from(buffer, byteOffset, length).toString('hex')}`;

/** Cannot occur in JSON text, which escapes control characters. */
const BETWEEN_JSON = '\u0001';

/**
 * For JSON texts: joined, to be split by `string_to_array(${jsonArray(texts)}::text, E'\\x01')`. Half of what a batch
 * sends is JSON, and escaping its quotes for an array literal cost more than deciding what it says.
 */
export const jsonArray = (texts: readonly string[]) => texts.join(BETWEEN_JSON);
