/** Where a value stands: keys by name, list items by index from 0. */
export type JsonPath = readonly (string | number)[];

/** As `JsonPath`, with `null` for every key or item at that place. */
export type PathPattern = readonly (string | number | null)[];

const PLAIN_KEY = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;
const STEP = /\.?(?:([A-Za-z_$][A-Za-z0-9_$-]*)|(\*))|\[(?:(\*)|(\d{1,9})|("(?:[^"\\]|\\.)*"))\]/y;

/** `args.items[3].price`; a key that is no plain word is quoted and escaped, as in `args["two words"]`. */
export function formatPath(path: JsonPath): string {
  return path.reduce<string>((text, step) => text + formatStep(step, text === ''), '');
}

/**
 * Reads `args.card.number`, `args.items[*].secret`, `args.*.secret` or `args["two words"]`.
 * Undefined when the text is none of these, so that publishing a policy can refuse it.
 */
export function parsePathPattern(text: string): PathPattern | undefined {
  const steps: (string | number | null)[] = [];
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    const step = match === null || isMisplaced(text, at) ? undefined : stepOf(match);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps.length === 0 ? undefined : steps;
}

function formatStep(step: string | number, isFirst: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!PLAIN_KEY.test(step)) return `[${JSON.stringify(step)}]`;
  return isFirst ? step : `.${step}`;
}

/** A dot joins two words: none before the first, one before every other. */
const isMisplaced = (text: string, at: number) => text[at] !== '[' && (text[at] === '.') === (at === 0);

function stepOf([, word, anyKey, anyItem, index, quoted]: RegExpExecArray): string | number | null | undefined {
  if (word !== undefined) return word;
  if (anyKey !== undefined || anyItem !== undefined) return null;
  return index === undefined ? unquote(quoted) : Number(index);
}

function unquote(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as string);
  } catch {
    return undefined;
  }
}
