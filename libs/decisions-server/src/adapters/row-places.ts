/** No row is ever there, and the database does not even look. */
const NOWHERE = '(0,0)';

/**
 * Where rows were last seen (Postgres' `ctid`, block and line), by the map that holds them and forgotten with it. Hints
 * and no more: a place may be of a transaction that was rolled back, or another process may have moved the row since.
 * `prisma/sql/enforcement/functions/in_place.sql` says what they are for, and what happens then.
 */
const placesByMap = new WeakMap<object, Map<string, string>>();

/** Of each key, in their order. */
export function placesOf(map: object, keys: readonly string[]): string[] {
  const places = placesByMap.get(map);
  return keys.map((key) => places?.get(key) ?? NOWHERE);
}

/** Rows as the database gave them: their `key` and their `place`. */
export function learnPlaces(map: object, rows: Iterable<Readonly<Record<string, unknown>>>): void {
  const places = placesByMap.get(map) ?? new Map<string, string>();
  placesByMap.set(map, places);
  for (const { key, place } of rows) places.set(String(key), String(place));
}

export function forgetPlaces(map: object): void {
  placesByMap.delete(map);
}
