import type { PolicyDocument, Rule } from './policy-document.ts';
import type { Reason } from './policy.evaluation.ts';
import type { Stack } from './stack.ts';

/**
 * What a rule says, as a text that is the same exactly while it says the same: the policy, the effect, the pattern, the
 * condition and whom it asks. Its line, its message and the version it stands in are not part of it, so a new version
 * that leaves a rule alone leaves its identity alone.
 */
export const ruleIdentity = (policy: string, { effect, match, when, approval }: Rule): string =>
  JSON.stringify([policy, effect, match, when, approval]);

/** A policy's default to ask is a rule too. */
const defaultIdentity = (policy: string) => JSON.stringify([policy, 'default', 'ask']);

/** Every rule that may ask, of the policies in force: what a grant can rest on. */
export function askingRulesOf({ attached }: Stack): ReadonlySet<string> {
  return new Set(
    attached.filter(({ policy }) => policy.mode === 'enforce').flatMap(({ policy }) => askingRulesIn(policy.document)),
  );
}

function askingRulesIn({ name, rules, default: otherwise }: PolicyDocument): readonly string[] {
  const asking = rules.filter(({ effect }) => effect === 'ask').map((rule) => ruleIdentity(name, rule));
  return otherwise === 'ask' ? [...asking, defaultIdentity(name)] : asking;
}

/**
 * The rules by which an evaluation asked. Null when one of its asks is no rule of these policies, such as a price that
 * nobody knows or a pattern that must never pass by itself: then nothing can stand in for the people.
 */
export function rulesThatAsked({ attached }: Stack, reasons: readonly Reason[]): readonly string[] | null {
  const identities: string[] = [];
  for (const reason of reasons.filter(({ effect }) => effect === 'ask')) {
    const of = attached.find(
      ({ policy, layer, version }) =>
        policy.name === reason.policy && layer === reason.layer && version === reason.version,
    );
    const identity = of ? identityOf(of.policy.document, reason) : null;
    if (identity === null) return null;
    identities.push(identity);
  }
  return [...new Set(identities)];
}

function identityOf({ name, rules }: PolicyDocument, { code, rule: match, line }: Reason): string | null {
  if (code === 'policy.default') return defaultIdentity(name);
  const rule = rules.find((each) => each.effect === 'ask' && each.match === match && each.line === line);
  return code === 'policy.rule' && rule ? ruleIdentity(name, rule) : null;
}
