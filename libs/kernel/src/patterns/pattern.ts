import { fold } from './fold.ts';
import { globOf, isOpen, matchesGlob, type Glob } from './glob.ts';

/** How targets are compared: by exact code points, or also folded, as guards must. */
export type Comparison = 'exact' | 'folded';

/** `slack.post:#general`, split at its first colon. A target of null is any target. */
export interface Pattern {
  readonly source: string;
  readonly intent: Glob;
  readonly target: Glob | null;
  /** Set when the comparison is `folded`. */
  readonly foldedTarget: Glob | null;
}

/** An action as patterns see it. Folding is the dear part, so it happens once, and only if a pattern needs it. */
export interface Subject {
  readonly intent: string;
  readonly target: string;
  foldedTarget: string | null;
}

export const subjectOf = (intent: string, target: string): Subject => ({
  intent: intent.toLowerCase(),
  target,
  foldedTarget: null,
});

const intentPart = /^[A-Za-z0-9._/*-]{1,200}$/;
const PATTERN_MAX = 1024;

/** What is wrong with a pattern's text and what would be right, or null. */
export function patternFault(text: string): string | null {
  if (text === '') return 'is empty: write an intent, or `*` for every action';
  if (text.length > PATTERN_MAX) return `is over ${PATTERN_MAX} characters long`;
  const colon = text.indexOf(':');
  const intent = colon < 0 ? text : text.slice(0, colon);
  if (intent === '') return 'has nothing before its `:`: write the intent there, or `*` for every intent';
  if (!intentPart.test(intent))
    return `has the intent \`${intent}\`: an intent is 1 to 200 letters, digits, \`.\`, \`_\`, \`/\`, \`-\`, and \`*\` for any`;
  return null;
}

/** Expects a text without fault. */
export function parsePattern(source: string, comparison: Comparison): Pattern {
  const colon = source.indexOf(':');
  const intent = globOf((colon < 0 ? source : source.slice(0, colon)).toLowerCase());
  const target = colon < 0 ? null : globOf(source.slice(colon + 1));
  if (target === null || isOpen(target)) return { source, intent, target: null, foldedTarget: null };

  // Pieces are folded one by one: a wide `＊` folds to a star that must stay a literal.
  const foldedTarget = comparison === 'folded' ? { pieces: target.pieces.map(fold) } : null;
  return { source, intent, target, foldedTarget };
}

export const matchesPattern = (pattern: Pattern, subject: Subject): boolean =>
  matchesGlob(pattern.intent, subject.intent) && matchesTarget(pattern, subject);

export function matchesTarget({ target, foldedTarget }: Pattern, subject: Subject): boolean {
  if (target === null || matchesGlob(target, subject.target)) return true;
  return foldedTarget !== null && matchesGlob(foldedTarget, foldedTargetOf(subject));
}

export const foldedTargetOf = (subject: Subject): string => (subject.foldedTarget ??= fold(subject.target));
