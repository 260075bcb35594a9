import type { ConditionFault } from './condition/fault.ts';
import type { PolicyDocument, Rule } from './policy-document.ts';
import type { AttachedPolicy, Layer, Reason, Verdict } from './policy.evaluation.ts';

/** Reasons say what the policy says, never what the action holds: they go to the agent and into the ledger. */
const from = ({ layer, version, policy }: AttachedPolicy) => ({ policy: policy.name, version, layer });

const deeds: Record<Verdict, string> = {
  allow: 'allows this',
  ask: 'asks a person about this',
  block: 'blocks this',
};

export const ruleReason = (attached: AttachedPolicy, { effect, match, line, message }: Rule): Reason => ({
  code: 'policy.rule',
  ...from(attached),
  rule: match,
  line,
  message: message ?? `The rule \`${match}\` of \`${attached.policy.name}\` ${deeds[effect]}.`,
  effect,
});

export const neverAutoApproveReason = (
  attached: AttachedPolicy,
  { match, line }: PolicyDocument['neverAutoApprove'][number],
): Reason => ({
  code: 'policy.rule',
  ...from(attached),
  rule: match,
  line,
  message: `\`${attached.policy.name}\` never lets \`${match}\` pass without a person.`,
  effect: 'ask',
});

/** The block that a condition without an outcome is, naming what was missing or wrong. */
export function faultReason(reason: Reason, when: string, { kind, message }: ConditionFault): Reason {
  const code = kind === 'cost' ? 'policy.cost' : 'policy.error';
  const words = kind === 'cost' ? `the condition ${message}` : message;
  const text = `The rule \`${reason.rule ?? ''}\` of \`${reason.policy}\` could not be judged: ${words}.`;
  return { ...reason, code, message: text, effect: 'block', detail: { when, error: message } };
}

export function defaultReason(attached: AttachedPolicy, effect: 'block' | 'ask'): Reason {
  const { defaultLine, name } = attached.policy.document;
  const because =
    defaultLine === null ? 'a policy of an agent blocks what it does not name' : `its default is to ${effect}`;
  const message = `No rule of \`${name}\` matches this, and ${because}.`;
  return { code: 'policy.default', ...from(attached), rule: null, line: defaultLine, message, effect };
}

export function modelReason(attached: AttachedPolicy, code: 'models.not_allowed' | 'models.missing'): Reason {
  const { allow, deny, line } = attached.policy.document.models ?? { allow: null, deny: null, line: null };
  const lists = [allow && `allows the models ${allow.join(', ')}`, deny && `denies the models ${deny.join(', ')}`]
    .filter(Boolean)
    .join(' and ');
  const because =
    code === 'models.missing' ? 'and the action does not say which it uses' : 'and the action uses another';
  const words = code === 'models.not_allowed' && allow === null ? 'of which the action uses one' : because;
  return {
    code,
    ...from(attached),
    rule: null,
    line,
    message: `\`${attached.policy.name}\` ${lists}, ${words}.`,
    effect: 'block',
  };
}

/** Nothing attached says anything. */
export function noneReason(attached: readonly AttachedPolicy[], layer: Layer): Reason {
  const message = `${whyNone(attached)}: \`countersign policy attach\` attaches one.`;
  return {
    code: 'policy.none',
    policy: '',
    version: 0,
    layer,
    rule: null,
    line: null,
    message,
    effect: 'block',
  };
}

function whyNone(attached: readonly AttachedPolicy[]): string {
  if (attached.length === 0) return 'No policy is attached';
  if (attached.some(({ policy }) => policy.mode === 'enforce')) return 'No attached policy has a rule for this';
  return 'Only shadow policies are attached, and template `observe` beside them would allow everything while they watch';
}
