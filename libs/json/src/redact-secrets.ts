import { formatPath, type JsonPath } from './json-path.ts';
import { isContainer, isList, type JsonObject, type JsonValue } from './json-value.ts';
import { SECRET, SECRET_HINT, SECRET_KINDS } from './secret-shapes.ts';

export interface Redaction {
  /** The very value that was passed when nothing had to go. */
  readonly value: JsonValue;
  /** Where something went, as `formatPath` writes it, in document order. Holds no secret: keys are redacted too. */
  readonly paths: readonly string[];
}

/** No secret is shorter than a URL with a password, such as `a://:x@h`. */
const LENGTH_MIN = 8;

/**
 * Replaces every well-known secret by `[redacted:<kind>]`; the very text that was passed when there is none.
 * Best effort (I13): a password without a shape stays. Linear in the text; redacting twice changes nothing more.
 */
export function redactSecrets(text: string): string {
  if (text.length < LENGTH_MIN || !SECRET_HINT.test(text)) return text;
  return text.replace(SECRET, (match: string, ...groups: unknown[]) => {
    const kind = SECRET_KINDS[groups.findIndex((group) => group !== undefined)];
    return `${match.startsWith('://') ? '://' : ''}[redacted:${kind}]`;
  });
}

/** As `redactSecrets`, in every string and key of the value. */
export function redactSecretsIn(value: JsonValue): Redaction {
  if (!holdsSecret(value)) return { value, paths: [] };

  const paths: string[] = [];
  return { value: redactIn(value, [], paths), paths };
}

/** Walks without building anything: almost every value is clean. */
function holdsSecret(value: JsonValue): boolean {
  if (typeof value === 'string') return redactSecrets(value) !== value;
  if (!isContainer(value)) return false;
  if (isList(value)) return value.some(holdsSecret);
  for (const key in value) if (holdsSecret(key) || holdsSecret((value as JsonObject)[key] ?? null)) return true;
  return false;
}

function redactIn(value: JsonValue, path: JsonPath, paths: string[]): JsonValue {
  if (typeof value === 'string') {
    const redacted = redactSecrets(value);
    if (redacted !== value) paths.push(formatPath(path));
    return redacted;
  }
  if (isList(value)) return value.map((item, index) => redactIn(item, [...path, index], paths));
  return isContainer(value) ? redactMembers(value, path, paths) : value;
}

/** `fromEntries` defines keys instead of assigning them, so a key named `__proto__` stays one. */
function redactMembers(value: JsonObject, path: JsonPath, paths: string[]): JsonObject {
  const shownKey = keyRedactor(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const shown = shownKey(key);
      if (shown !== key) paths.push(formatPath([...path, shown]));
      return [shown, redactIn(child, [...path, shown], paths)];
    }),
  );
}

/** Two secret keys of one object stay two keys: the second ends in ` 2`. Counts on, so many cost linear time. */
function keyRedactor(value: JsonObject): (key: string) => string {
  const counts = new Map<string, number>();
  return (key) => {
    const redacted = redactSecrets(key);
    if (redacted === key) return key;

    let shown: string;
    do {
      const count = (counts.get(redacted) ?? 0) + 1;
      counts.set(redacted, count);
      shown = count === 1 ? redacted : `${redacted} ${count}`;
    } while (Object.hasOwn(value, shown));
    return shown;
  };
}
