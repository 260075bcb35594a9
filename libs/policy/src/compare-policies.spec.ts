import { describe, expect, it } from 'vitest';
import { comparePolicies } from './compare-policies.ts';
import { compilePolicy } from './compile-policy.ts';
import { parsePolicy } from './parse-policy.ts';
import { diffPolicies } from './policy-diff.ts';

const policyOf = (body: string, name = 'caps') => {
  const { document, problems } = parsePolicy(`apiVersion: countersign/v1\nname: ${name}\n${body}`);
  if (!document) throw new Error(JSON.stringify(problems));
  return compilePolicy(document);
};

const day = policyOf('budgets:\n  - { name: a, scope: agent, window: day, cap: 5 }\n');

describe('a new version', () => {
  it.each([
    ['another cap', 'budgets:\n  - { name: a, scope: agent, window: day, cap: 6 }\n', []],
    ['another match', 'budgets:\n  - { name: a, scope: agent, window: day, cap: 5, match: "llm.*" }\n', []],
    ['no budget', 'allow: [a]\n', []],
    ['another name for another window', 'budgets:\n  - { name: b, scope: agent, window: month, cap: 5 }\n', []],
    ['another scope', 'budgets:\n  - { name: a, scope: team, window: day, cap: 5 }\n', ['budgets.a.scope']],
    [
      'another unit and window',
      'budgets:\n  - { name: a, scope: agent, unit: calls, window: hour, cap: 5 }\n',
      ['budgets.a.unit', 'budgets.a.window'],
    ],
  ])('with %s', (_, body, paths) =>
    expect(comparePolicies(day, policyOf(body)).map(({ path }) => path)).toEqual(paths),
  );

  it('keeps the name of its policy', () =>
    expect(comparePolicies(day, policyOf('allow: [a]\n', 'other'))[0]?.code).toBe('policy.changed_name'));
});

describe('a budget', () => {
  it('counts what the short form names: everything that uses a model or costs something, or llm alone', () => {
    const [ai, llm] = policyOf('limits: { ai_daily_usd: 1, llm_daily_usd: 1 }\n').budgets;
    expect([
      ai?.matches('image.draw', '', false),
      ai?.matches('crm.read', '', true),
      ai?.matches('crm.read', '', false),
    ]).toEqual([true, true, false]);
    expect([llm?.matches('LLM.chat', '', false), llm?.matches('image.draw', '', true), llm?.scope]).toEqual([
      true,
      false,
      'attached',
    ]);
  });

  it('is not escaped by other forms of its target', () => {
    const [budget] = policyOf(
      'budgets:\n  - { name: a, scope: agent, window: day, cap: 5, match: "pay:ada" }\n',
    ).budgets;
    expect([budget?.matches('PAY', 'ａDA', false), budget?.matches('pay', 'adam', false)]).toEqual([true, false]);
  });
});

describe('what changed', () => {
  const before = policyOf(
    'allow:\n  - a\n  - b\n  - c\nbudgets:\n  - { name: a, scope: agent, window: day, cap: 5 }\n',
  );
  const after = policyOf(
    'allow:\n  - b\n  - a\n  - { match: d, when: "intent == \\"d\\"" }\nbudgets:\n  - { name: a, scope: agent, window: day, cap: 7.5 }\n  - { name: z, scope: team, window: day, cap: 5 }\n',
  );

  it('is said by rule and by budget', () => {
    const { rules, budgets } = diffPolicies(before, after);
    expect(rules).toEqual({ added: ['allow d when intent == "d"'], removed: ['allow c'] });
    expect(budgets).toEqual({ added: ['z'], removed: [], changed: ['a: cap 5 to 7.5'] });
  });

  it('is said by line, with as few lines as can be', () => {
    const lines = diffPolicies(before, after).text.split('\n');
    expect(lines.filter((line) => line.startsWith('- ') || line.startsWith('+ ')).length).toBe(7);
    expect(lines).toContain('- - c'.replace('- - c', '-   - c'));
  });

  it('is nothing between the same texts, whatever their line ends, and everything in a first version', () => {
    const windows = compilePolicy({ ...before.document, text: before.text.replaceAll('\n', '\r\n') });
    expect([diffPolicies(before, windows).text, windows.digestInput === before.digestInput]).toEqual(['', true]);
    expect(
      diffPolicies(null, before)
        .text.split('\n')
        .every((line) => line.startsWith('+ ')),
    ).toBe(true);
  });
});
