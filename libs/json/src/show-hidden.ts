import { formatPath, type JsonPath } from './json-path.ts';
import { isContainer, isList, type JsonValue } from './json-value.ts';

/**
 * What a reader does not see, or takes for something else: controls, format characters (zero width, reading direction,
 * tags), whatever renderers leave out by default, what is unassigned or private, and every space but the plain one. And
 * the backslash of what only looks like one of these shown: so no two texts are shown alike.
 */
const HIDDEN =
  /\\(?=u\{)|[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Of these a reader sees what they do, where text has more than one line. */
const LAYOUT = new Set(['\n', '\t']);

const shown = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** One line, in which nothing is hidden: a zero width space becomes `\u{200b}`. */
export const showHidden = (text: string): string => text.replace(HIDDEN, shown);

/** The same, and line breaks and tabs stay what they are. */
export const showHiddenInText = (text: string): string =>
  text.replace(HIDDEN, (character) => (LAYOUT.has(character) ? character : shown(character)));

/** A value in which nothing is hidden, and where something was. */
export interface Shown {
  readonly value: JsonValue;
  readonly paths: readonly string[];
}

/** Shows what is hidden in the texts and keys of a value. No two values are shown alike, so no key covers another. */
export function showHiddenIn(value: JsonValue, path: JsonPath = []): Shown {
  if (typeof value === 'string') {
    const text = showHiddenInText(value);
    return { value: text, paths: text === value ? [] : [formatPath(path)] };
  }
  if (isList(value)) return listed(value.map((item, index) => showHiddenIn(item, [...path, index])));
  return isContainer(value) ? named(value, path) : { value, paths: [] };
}

const listed = (items: readonly Shown[]): Shown => ({
  value: items.map((item) => item.value),
  paths: items.flatMap(({ paths }) => paths),
});

function named(value: Readonly<Record<string, JsonValue>>, path: JsonPath): Shown {
  const entries = Object.entries(value).map(([key, held]) => {
    const safe = showHidden(key);
    const inner = showHiddenIn(held, [...path, safe]);
    const own = safe === key ? [] : [formatPath([...path, safe])];
    return { key: safe, value: inner.value, paths: [...own, ...inner.paths] };
  });
  return {
    value: Object.fromEntries(entries.map(({ key, value: held }) => [key, held])),
    paths: entries.flatMap(({ paths }) => paths),
  };
}
