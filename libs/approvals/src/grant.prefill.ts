import { formatAmount, NANOS_MAX } from '@countersign/kernel';
import { GRANT_MILLISECONDS, GRANT_USES, type GrantTerms } from './grant.terms.ts';

/** The asked action, as much of it as is known. */
interface AskedAction {
  readonly intent: string;
  readonly target: string;
  /** Absent when a policy records digests only. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  readonly nanos: bigint;
}

const CONDITION_MAX = 4_000;

/**
 * The grant that people are offered first: this intent and target; numbers in the arguments as upper bounds; all else as
 * it was asked, down to which keys there are. Nothing that was not before their eyes is let through unless they loosen
 * it. `maxUsd` is what so many uses at the asked cost come to.
 *
 * Null where it cannot be said: arguments that were not recorded, or more of them than a condition may be long.
 */
export function prefilledTerms({ intent, target, args, nanos }: AskedAction): GrantTerms | null {
  if (args === undefined) return null;
  const exactTarget = target === '' || target.includes('*') ? [`target == ${textOf(target)}`] : [];
  const when = [...exactTarget, ...conditionsOn('args', args)].join(' && ');
  if (when.length > CONDITION_MAX) return null;

  const total = nanos * BigInt(GRANT_USES.usual);
  return {
    // A star in a pattern is never literal, so the condition says the target where it has one.
    pattern: exactTarget.length > 0 ? intent : `${intent}:${target}`,
    when,
    uses: GRANT_USES.usual,
    forMs: GRANT_MILLISECONDS.usual,
    maxUsd: formatAmount('usd', total > NANOS_MAX ? NANOS_MAX : total),
  };
}

function conditionsOn(path: string, value: unknown): readonly string[] {
  if (typeof value === 'number') return [`${path} <= ${numberText(value)}`];
  if (typeof value === 'string') return [`${path} == ${textOf(value)}`];
  if (Array.isArray(value))
    return [
      `size(${path}) == ${value.length}`,
      ...value.flatMap((item, index) => conditionsOn(`${path}[${index}]`, item)),
    ];
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    // Keys are compared by their number, and by each being there: so they are the same keys.
    const each = entries.flatMap(([key, held]) => conditionsOn(`${path}[${textOf(key)}]`, held));
    return [`size(${path}) == ${entries.length}`, ...each];
  }
  return [`${path} == ${String(value)}`];
}

/** Doubles as the language reads them back: never an exponent without a point, never an integer too wide for one. */
function numberText(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A literal of the language, whatever the text holds: quotes, line breaks and what is not printable are escaped. */
function textOf(text: string): string {
  const escaped = [...text].map((character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) return character;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
  return `"${escaped.join('')}"`;
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
