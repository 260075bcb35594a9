import { compilePolicy } from './compile-policy.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Problem } from './problem.ts';

export interface CompiledText {
  /** Null when the text has errors. */
  readonly policy: CompiledPolicy | null;
  readonly problems: readonly Problem[];
}

/** A thousand rules take a tenth of a second to read, which is too long to hold a lock, and the same text comes often. */
const REMEMBERED_MAX = 200;

const remembered = new Map<string, CompiledText>();

/**
 * Reads and compiles a policy's text, once per text while it is among the latest two hundred. What is about to be
 * judged under a lock is compiled by this before the lock is taken.
 */
export function compileText(text: string): CompiledText {
  const known = remembered.get(text) ?? read(text);
  // To the end of the line: the one that was not asked for longest is forgotten first.
  remembered.delete(text);
  remembered.set(text, known);
  if (remembered.size > REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? '');
  return known;
}

function read(text: string): CompiledText {
  const { document, problems } = parsePolicy(text);
  return { policy: document && compilePolicy(document), problems };
}
