import { describe, expect, it } from 'vitest';
import { compileActionClass } from './action-class.ts';
import { compileText } from './compile-text.ts';
import { evaluateStack } from './evaluate.ts';
import type { AttachedPolicy } from './policy.evaluation.ts';
import { actionBy } from './policy.mother.ts';
import { askingRulesOf, rulesThatAsked } from './rule-identity.ts';
import { compileStack } from './stack.ts';

const HEAD = 'apiVersion: countersign/v1\nname: support\n';

/** The stack of one policy on the agent, at a version. */
function stackOf(text: string, version = 1) {
  const { policy } = compileText(HEAD + text);
  if (!policy) throw new Error('the policy of this spec cannot be read');
  const attached: AttachedPolicy = { layer: 'agent', point: 'support-agent', version, policy };
  return compileStack([attached]);
}

function askedOf(text: string, version?: number) {
  const stack = stackOf(text, version);
  return rulesThatAsked(
    stack,
    evaluateStack(stack, actionBy({ intent: 'refund.issue', args: { amount: 60 } })).reasons,
  );
}

const ASK = 'ask: [{ match: "refund.*:*", when: "args.amount > 50", approval: { team: treasury } }]\n';

describe('the rules that asked about an action', () => {
  it('are rules that stand, as long as they say the same, whatever else a new version changes', () => {
    const asked = askedOf(ASK);
    expect(asked).toHaveLength(1);
    expect(askedOf(`description: new\nallow: ["crm.read:*"]\n${ASK}`, 2)).toEqual(asked);
    const standing = askingRulesOf(stackOf(`description: new\nallow: ["crm.read:*"]\n${ASK}`, 2));
    expect(asked?.every((rule) => standing.has(rule))).toBe(true);
  });

  it.each([
    ['pattern', ASK.replace('refund.*', 'refund.i*')],
    ['condition', ASK.replace('> 50', '> 55')],
    ['teams', ASK.replace('treasury', 'legal')],
    ['quorum', ASK.replace('team: treasury', 'team: treasury, quorum: 2')],
    ['effect', ASK.replace('ask', 'block').replace(', approval: { team: treasury }', '')],
  ])('are others once their %s changes', (_, changed) => {
    const standing = askingRulesOf(stackOf(changed));
    expect(askedOf(ASK)?.some((rule) => standing.has(rule))).toBe(false);
  });

  it('include a default that asks', () => {
    const asked = askedOf('default: ask\nallow: ["crm.read:*"]\n');
    expect(asked).toHaveLength(1);
    expect(askingRulesOf(stackOf('default: ask\nallow: ["crm.*:*"]\n')).has(asked?.[0] ?? '')).toBe(true);
    expect(askingRulesOf(stackOf('allow: ["crm.*:*"]\n')).size).toBe(0);
  });

  it('are not known where something else than a rule asked', () => {
    expect(askedOf(`${ASK}neverAutoApprove: ["refund.issue"]\n`)).toBeNull();
    const stack = stackOf(ASK);
    const [reason] = evaluateStack(stack, actionBy({ intent: 'refund.issue', args: { amount: 60 } })).reasons;
    expect(rulesThatAsked(stack, [{ ...reason, code: 'budget.exceeded' } as never])).toBeNull();
    expect(rulesThatAsked(stack, [{ ...reason, version: 2 } as never])).toBeNull();
  });
});

describe('a class of actions', () => {
  const covers = (when: string | null, args: object, pattern = 'refund.issue:order-*') =>
    compileActionClass({ pattern, when }).actionClass?.covers(
      actionBy({ intent: 'Refund.issue', target: 'order-1009', args }),
    );

  it('is a pattern and a condition', () => {
    expect(covers(null, {})).toBe(true);
    expect(covers('args.amount <= 50.0', { amount: 50 })).toBe(true);
    expect(covers('args.amount <= 50.0', { amount: 51 })).toBe(false);
    expect(covers(null, {}, 'refund.issue:Order-*')).toBe(false);
  });

  it('is not what its condition has no outcome for', () => {
    expect(covers('args.amount <= 50.0', {})).toBe(false);
    expect(covers('args.list.all(item, item > 0.0)', { list: new Array(300_000).fill(1) })).toBe(false);
  });

  it('tells everything that is wrong with it', () => {
    const { actionClass, problems } = compileActionClass({ pattern: ':x', when: 'args.amount <' });
    expect(actionClass).toBeNull();
    expect(problems.map(({ field }) => field)).toEqual(['pattern', 'when']);
  });
});
