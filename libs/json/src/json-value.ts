/** What JSON text can say. An object may own a key named `__proto__`: copy it by spread, never by assignment. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export const isContainer = (value: JsonValue | undefined): value is readonly JsonValue[] | JsonObject =>
  typeof value === 'object' && value !== null;

/** `Array.isArray` does not narrow readonly arrays. */
export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** Containers inside one another: a scalar is 0, `[]` is 1, `{"a":[]}` is 2. */
export function depthOf(value: JsonValue): number {
  if (!isContainer(value)) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, child) => Math.max(deepest, depthOf(child)), 0);
}
