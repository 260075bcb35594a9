import { describe, expect, it } from 'vitest';
import { attachProblems } from './attach-problems.ts';
import { compilePolicy } from './compile-policy.ts';
import { evaluate, evaluateStack } from './evaluate.ts';
import { parsePolicy } from './parse-policy.ts';
import type { AttachedPolicy } from './policy.evaluation.ts';
import { actionBy } from './policy.mother.ts';
import { compileStack, onlyShadow } from './stack.ts';

const attach = (body: string, layer: AttachedPolicy['layer'] = 'agent'): AttachedPolicy => {
  const { document, problems } = parsePolicy(`apiVersion: countersign/v1\nname: support-agent\n${body}`);
  if (!document) throw new Error(JSON.stringify(problems));
  return { layer, point: 'here', version: 3, policy: compilePolicy(document) };
};

const conditioned = (when: string) => attach(`allow: ["*"]\nblock:\n  - { match: "pay", when: '${when}' }\n`);

describe('a reason', () => {
  it('says policy, version, layer, rule and line, and the policy’s own words', () => {
    const { reasons } = evaluate(
      [attach('block:\n  - { match: "Pay:*", message: Never. }\n')],
      actionBy({ intent: 'pay' }),
    );
    expect(reasons).toEqual([
      {
        code: 'policy.rule',
        policy: 'support-agent',
        version: 3,
        layer: 'agent',
        rule: 'Pay:*',
        line: 4,
        message: 'Never.',
        effect: 'block',
      },
    ]);
  });

  it('I13: never repeats what the action holds', () => {
    const attached = [
      conditioned('args.token == 5 && args.list[7] > 1'),
      attach('models: { allow: [gpt-4o] }\n', 'team'),
    ];
    const secret = 'sk-live-1234567890';
    const evaluation = evaluate(
      attached,
      actionBy({
        intent: 'pay',
        target: secret,
        args: { token: secret, list: [secret] },
        context: { model: secret },
        user: secret,
        run: secret,
      }),
    );
    expect(evaluation.reasons.map(({ code }) => code)).toEqual(['policy.error', 'models.not_allowed', 'policy.rule']);
    expect(JSON.stringify(evaluation)).not.toContain(secret);
  });
});

describe('I3: whatever the arguments, an evaluation is an answer, and never an allow that a fault made', () => {
  const deep = (depth: number): unknown => (depth === 0 ? 1 : { inner: deep(depth - 1) });
  const hostile: [string, unknown][] = [
    [
      'keys of prototypes',
      JSON.parse('{"__proto__":{"amount":1},"constructor":{"prototype":{"amount":1}},"toString":1,"hasOwnProperty":2}'),
    ],
    ['32 levels', deep(32)],
    ['64 KiB of numbers', { amount: Array.from({ length: 32_000 }, () => 1) }],
    ['64 KiB of text', { amount: 'a'.repeat(65_536) }],
    ['a list', [1, 2]],
    ['null', null],
    ['nothing', undefined],
    ['a text', 'amount'],
    ['huge numbers', { amount: 1e308, list: [1e308, 1e308, -1e308] }],
    ['a wide mapping', Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index]))],
  ];

  it.each(hostile)('%s', (_, args) => {
    const { verdict, reasons } = evaluate([conditioned('args.amount > 50')], actionBy({ intent: 'pay', args }));
    const isJudged = typeof (args as { amount?: unknown } | null | undefined)?.amount === 'number';
    expect([verdict, reasons[0]?.code]).toEqual(['block', isJudged ? 'policy.rule' : 'policy.error']);
  });

  it('finds nothing in inherited keys', () => {
    const polluted = Object.create({ amount: 1_000 }) as object;
    expect(evaluate([conditioned('has(args.amount)')], actionBy({ intent: 'pay', args: polluted })).verdict).toBe(
      'allow',
    );
    expect(
      evaluate([conditioned('args.amount > 50')], actionBy({ intent: 'pay', args: polluted })).reasons[0]?.code,
    ).toBe('policy.error');
  });

  it('gives all conditions of an evaluation one limit together', () => {
    const rules = Array.from({ length: 200 }, () => "  - { match: pay, when: 'args.list.all(a, a > 0)' }").join('\n');
    const attached = [attach(`allow:\n${rules}\n`)];
    const input = actionBy({ intent: 'pay', args: { list: Array.from({ length: 3_000 }, () => 1) } });
    const from = performance.now();
    const { verdict, outcomes } = evaluate(attached, input);
    expect([verdict, performance.now() - from < 200, outcomes.length > 100]).toEqual(['block', true, true]);
  });
});

describe('what is not recorded', () => {
  it('I12: has the outcomes of its conditions recorded, so that the decision can be judged again without it', () => {
    const hidden = attach(
      "allow: [{ match: pay, when: 'args.card.limit > 50' }, { match: pay, when: 'args.amount > 50' }]\nredact: [args.card]\n",
    );
    const first = evaluate([hidden], actionBy({ intent: 'pay', args: { card: { limit: 60 }, amount: 5 } }));
    expect(first.outcomes).toEqual([{ key: 'agent/support-agent@3#0', outcome: 'held' }]);
    const recorded = new Map(first.outcomes.map(({ key, outcome }) => [key, outcome]));
    expect(evaluate([hidden], actionBy({ intent: 'pay', args: { amount: 5 }, recorded }))).toEqual(first);
  });
});

describe('attached policies', () => {
  it('are only shadows when all are, and there is one', () => {
    const [shadow, enforced] = [attach('mode: shadow\nallow: [a]\n'), attach('allow: [a]\n')];
    expect([onlyShadow([shadow]), onlyShadow([shadow, enforced]), onlyShadow([])]).toEqual([true, false, false]);
  });

  it('are refused together where one hides what another asks about, and where all are shadows', () => {
    const asking = attach("ask: [{ match: pay, when: 'has(args.card) && args.card > 5' }]\n");
    const codes = (...others: AttachedPolicy[]) => attachProblems(others).map(({ code }) => code);
    expect(codes(asking, attach('redact: [args.card]\n', 'team'))).toEqual(['policy.hidden_from_approver']);
    expect(codes(asking, attach('redact: [args.iban]\n', 'team'))).toEqual([]);
    expect(codes(asking, attach('record: digest\n', 'organization'))).toEqual(['policy.hidden_from_approver']);
    expect(codes(asking, attach('mode: shadow\nrecord: digest\n', 'organization'))).toEqual([]);
    expect(codes(attach('mode: shadow\nallow: [a]\n'))).toEqual(['policy.only_shadow']);
  });

  it('are judged in the order of their layers, in whatever order they come', () => {
    const [wide, narrow] = [attach('allow: ["*"]\n', 'organization'), attach('allow: ["*"]\n', 'user')];
    expect(evaluate([narrow, wide], actionBy()).reasons.map(({ layer }) => layer)).toEqual(['organization', 'user']);
  });
});

describe('evaluation is fast', () => {
  const rules = (count: number) =>
    Array.from({ length: count - 1 }, (_, index) => `  - "service${index}.${index % 3 === 0 ? '*' : 'read'}:*"\n`).join(
      '',
    );
  const p50 = (count: number) => {
    const stack = compileStack([
      attach(
        `limits: { ai_daily_usd: 10 }\nallow:\n  - { match: "refund.issue:*", when: "args.amount <= 50" }\n${rules(count)}`,
      ),
    ]);
    const input = actionBy({ intent: 'refund.issue', target: 'order-1009', args: { amount: 20 } });
    const samples = Array.from({ length: 300 }, () => {
      const from = performance.now();
      for (let round = 0; round < 50; round += 1) evaluateStack(stack, input);
      return ((performance.now() - from) * 1_000) / 50;
    });
    return samples.sort((a, b) => a - b)[150] ?? Number.NaN;
  };

  // The aims, not the musts: ten times slower than measured on an idle machine.
  it.each([
    [1, 5],
    [100, 5],
    [1_000, 20],
  ])('of %i rules: at most %i µs', (count, most) => expect(p50(count)).toBeLessThan(most));
});
