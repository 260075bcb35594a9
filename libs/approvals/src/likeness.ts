import { canonicalJson } from '@countersign/json';
import type { JsonValue } from '@countersign/json';

interface ComparedAction {
  readonly intent: string;
  readonly target: string;
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  readonly teams: readonly string[];
}

/**
 * What identical asks have in common, so that people can answer many at once: intent (without case), target, arguments
 * and the teams asked; agents, runs and users may differ. Long: hash it where it is to be a key.
 *
 * Null where it cannot be known that they are identical: arguments that were hidden or not recorded. `redacted` are the
 * paths whose content was.
 */
export function likenessOf(
  { intent, target, args, teams }: ComparedAction,
  redacted: readonly string[] = [],
): string | null {
  if (args === undefined || redacted.length > 0) return null;
  return canonicalJson([intent.toLowerCase(), target, args as JsonValue, [...teams].sort()] as JsonValue);
}
