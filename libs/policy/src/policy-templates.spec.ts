import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile-policy.ts';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './parse-policy.ts';
import { actionBy } from './policy.mother.ts';
import { applyTemplate, policyTemplates, TemplateError } from './policy-templates.ts';

const verdictBy = (text: string, action: Parameters<typeof actionBy>[0]) => {
  const { document } = parsePolicy(text);
  return (
    document &&
    evaluate([{ layer: 'agent', point: 'here', version: 1, policy: compilePolicy(document) }], actionBy(action)).verdict
  );
};

const failureOf = (name: string, overrides: Record<string, unknown>) => {
  try {
    return applyTemplate(name, overrides);
  } catch (error) {
    return error instanceof TemplateError ? `${error.code}: ${error.message}` : error;
  }
};

describe('a template', () => {
  it.each(Object.entries(policyTemplates))('%s is a policy of its own name without a problem', (name, text) => {
    const { document, problems } = parsePolicy(text);
    expect([document?.name, problems]).toEqual([name, []]);
    expect(applyTemplate(name)).toBe(text);
  });

  it.each([
    ['research_assistant', { intent: 'web.get', target: 'https://arxiv.org/abs/1' }, 'allow'],
    ['research_assistant', { intent: 'web.get', target: 'https://arxiv.org.evil.com/' }, 'ask'],
    ['research_assistant', { intent: 'web.get', target: 'arxiv.org' }, 'block'],
    ['customer_support', { intent: 'refund.issue', args: { amount: 50 } }, 'allow'],
    ['customer_support', { intent: 'refund.issue', args: { amount: 51 } }, 'ask'],
    ['customer_support', { intent: 'refund.issue' }, 'ask'],
    ['customer_support', { intent: 'crm.delete' }, 'block'],
    ['internal_notifier', { intent: 'email.send', target: 'eve@evil.com, ada@acme.com' }, 'block'],
    ['internal_notifier', { intent: 'email.send', target: 'grace@acme.com, ada@acme.com' }, 'allow'],
    ['internal_notifier', { intent: 'slack.post', target: '#Announcements' }, 'block'],
    ['unrestricted', { intent: 'fs.delete', target: '/' }, 'allow'],
    ['observe', { intent: 'fs.delete', target: '/' }, 'allow'],
    ['capped_user', { intent: 'crm.read' }, 'block'],
  ] as const)('%s judges %j: %s', (name, action, verdict) =>
    expect(verdictBy(policyTemplates[name], action)).toBe(verdict),
  );

  it('takes overrides and keeps its comments', () => {
    const text = applyTemplate('customer_support', {
      name: 'ada-support',
      'limits.llm_daily_usd': 2,
      'budgets[0].cap': '0.25',
      mode: 'shadow',
    });
    expect(text).toContain('# One conversation cannot talk itself into a fortune.');
    expect(parsePolicy(text).document).toMatchObject({
      name: 'ada-support',
      mode: 'shadow',
      budgets: [{ cap: 2_000_000_000n }, { cap: 250_000_000n }],
    });
  });

  it('refuses what is no template, and overrides that make no policy of it', () => {
    expect(failureOf('costumer_support', {})).toContain(
      'template.unknown: there is no template `costumer_support`: did you mean `customer_support`?',
    );
    expect(failureOf('constructor', {})).toContain('template.unknown');
    expect(failureOf('observe', { 'limits.ai_dayly_usd': 5 })).toContain('did you mean `ai_daily_usd`?');
    expect(failureOf('observe', { name: 'Not A Name' })).toContain('template.override');
    expect(failureOf('observe', { 'name.first': 'ada' })).toContain(
      'template.override: `name.first` leads through a value that has no parts',
    );
  });
});
