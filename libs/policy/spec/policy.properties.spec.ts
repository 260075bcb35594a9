import { fold, globOf, matchesGlob } from '@countersign/kernel/patterns';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { compilePolicy } from '../src/compile-policy.ts';
import { evaluate } from '../src/evaluate.ts';
import { parsePolicy } from '../src/parse-policy.ts';
import type { AttachedPolicy, Evaluation } from '../src/policy.evaluation.ts';
import { actionBy } from '../src/policy.mother.ts';
import { interpret, wild, type NaiveAction, type NaiveAnswer, type NaiveAttachment } from './naive-interpreter.ts';

// Two shared cores: seconds here may be a minute there.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_007);

const join = (pieces: readonly string[], most: number) =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: most }).map((parts) => parts.join(''));
const intents = ['pay', 'pay.out', 'PAY.out', 'llm.chat', 'LLM.chat', 'crm.read', 'crm/read', 'image.draw'];
const targets = [
  '',
  'ada',
  'ADA',
  'ａda',
  'a\u200bda',
  'ada@acme.com',
  'evil',
  'e\u00advil',
  'gpt-4o',
  'a*a',
  'ada:ada',
];

const intentPattern = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...intents) },
  join(['*', 'pay', '.', 'out', 'llm', 'crm', 'read', 'chat'], 4),
);
const targetPattern = fc.oneof(
  fc.constant('*'),
  fc.constantFrom(...targets),
  join(['*', 'a', 'da', 'evil', '@acme.com', 'gpt', ':'], 4),
);
const pattern = fc.oneof(
  { weight: 2, arbitrary: intentPattern },
  fc.tuple(intentPattern, targetPattern).map((parts) => parts.join(':')),
);

const atom = fc.constantFrom(
  'args.amount > 50',
  'args.amount <= 50',
  'has(args.amount)',
  'args.currency == "EUR"',
  'has(args.items)',
  'sum(args.items.map(item, item.n)) > 3',
  'args.items.exists(item, item.n > 1)',
  'args.items.all(item, item.n < 2)',
  'size(args.items) > 1',
  'target.startsWith("a")',
  'args.force',
  'args.amount * 2 + 1 > 100',
);
const condition = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc
      .tuple(tie('expression'), fc.constantFrom('&&', '||'), tie('expression'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    tie('expression').map((inner) => `!(${inner})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})).expression;

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const approval = fc.record(
  {
    team: fc.constantFrom('treasury', 'support', 'legal'),
    quorum: fc.integer({ min: 1, max: 3 }),
    expiresIn: fc.constantFrom('5m', '30m', '90m'),
  },
  { requiredKeys: [] },
);
const rule = (extra: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(pattern, fc.record({ match: pattern, when: condition, ...extra }, { requiredKeys: ['match'] }));
const rules = (extra: Record<string, fc.Arbitrary<unknown>>) =>
  optional(fc.array(rule(extra), { minLength: 1, maxLength: 4 }));
const hold = fc.constantFrom('30s', '60s', '90s');

const policy = fc
  .record({
    mode: fc.constantFrom(undefined, undefined, undefined, 'enforce', 'shadow'),
    default: fc.constantFrom(undefined, undefined, 'block', 'ask', 'abstain'),
    allow: rules({ holdFor: hold }),
    ask: rules({ holdFor: hold, approval }),
    block: rules({}),
    neverAutoApprove: fc.option(fc.array(pattern, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 }),
    limits: fc.option(fc.constant({ ai_daily_usd: 5, llm_monthly_usd: 9 }), { nil: undefined, freq: 1 }),
    budgets: optional(
      fc.tuple(pattern).map(([match]) => [{ name: 'day', scope: 'team', window: 'day', cap: 5, match }]),
    ),
    models: fc.option(
      fc.record({ allow: fc.constant(['gpt-*', 'ada']), deny: fc.constant(['*EVIL*']) }, { requiredKeys: ['allow'] }),
      { nil: undefined, freq: 1 },
    ),
  })
  .chain((parts) => fc.shuffledSubarray(Object.entries(parts), { minLength: Object.keys(parts).length }))
  .map((entries) => entries.filter(([, value]) => value !== undefined));

const attachments = fc
  .array(fc.tuple(fc.constantFrom('organization', 'team', 'agent', 'user'), policy), { maxLength: 4 })
  .map((all) =>
    all.map(([layer, entries], index): NaiveAttachment => ({
      layer,
      point: 'here',
      text: stringify({ apiVersion: 'countersign/v1', name: `policy-${index}`, ...Object.fromEntries(entries) }),
    })),
  );

const args = fc.record(
  {
    amount: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(50.01, 49.99, 'fifty', null)),
    currency: fc.constantFrom('EUR', 'USD', 5),
    items: fc.oneof(
      fc.array(fc.record({ n: fc.constantFrom(0.1, 1, 2, 'x') }, { requiredKeys: [] }), { maxLength: 3 }),
      fc.constant('none'),
    ),
    force: fc.constantFrom(true, false, 'true'),
  },
  { requiredKeys: [] },
);
const action: fc.Arbitrary<NaiveAction> = fc.record({
  intent: fc.constantFrom(...intents),
  target: fc.constantFrom(...targets),
  args,
  team: fc.constantFrom('support', 'treasury'),
  model: fc.constantFrom(null, null, 'gpt-4o', 'evil'),
});

function attach({ layer, text }: NaiveAttachment): AttachedPolicy {
  const { document, problems } = parsePolicy(text);
  if (!document) throw new Error(`${JSON.stringify(problems)}\n${text}`);
  return { layer: layer as AttachedPolicy['layer'], point: 'here', version: 1, policy: compilePolicy(document) };
}

function judged(
  attached: readonly AttachedPolicy[],
  { intent, target, args: sent, team, model }: NaiveAction,
): Evaluation {
  const cost = { usdNanos: null, tokens: null, ...(model !== null && { model }) };
  return evaluate(attached, actionBy({ intent, target, args: sent, team, agent: { team }, cost }));
}

const asAnswer = (evaluation: Evaluation, team: string): NaiveAnswer => ({
  verdict: evaluation.verdict,
  reasons: evaluation.reasons.map(({ code, policy: name, layer, rule: match }) =>
    code === 'policy.none' ? code : `${code} ${name} ${layer} ${match ?? 'null'}`,
  ),
  requirements: evaluation.requirements.map(
    (each) => `${each.team ?? team} ${each.quorum} ${each.expiresInMs / 60_000}m`,
  ),
  budgets: [
    ...new Set(evaluation.budgets.map(({ policy: name, name: budget, scope }) => `${name}/${budget}/${scope}`)),
  ].sort(),
  shadow: evaluation.shadow.map(({ policy: name, verdict }) => `${name}: ${verdict}`),
  holdForMs: evaluation.holdForMs,
  neverAutoApprove: evaluation.neverAutoApprove,
});

describe(`any policies and any action (seed ${seed})`, () => {
  it('are judged as a naive interpreter judges them', () => {
    const verdicts = new Map<string, number>();
    fc.assert(
      fc.property(attachments, fc.array(action, { minLength: 5, maxLength: 5 }), (policies, actions) => {
        const attached = policies.map(attach);
        for (const each of actions) {
          const evaluation = judged(attached, each);
          verdicts.set(evaluation.verdict, (verdicts.get(evaluation.verdict) ?? 0) + 1);
          expect(asAnswer(evaluation, each.team)).toEqual(interpret(policies, each));
        }
      }),
      { seed, numRuns: 1_000 },
    );
    // A test that only ever saw blocks would prove little.
    expect(Math.min(verdicts.get('allow') ?? 0, verdicts.get('ask') ?? 0, verdicts.get('block') ?? 0)).toBeGreaterThan(
      50,
    );
  });

  it('I12: give the same evaluation again, also from recorded outcomes without the arguments', () => {
    fc.assert(
      fc.property(attachments, action, (policies, each) => {
        const digest: NaiveAttachment = {
          layer: 'organization',
          point: 'elsewhere',
          text: 'apiVersion: countersign/v1\nname: digest\nrecord: digest\n',
        };
        const attached = [...policies, digest].map(attach);
        const first = judged(attached, each);
        expect(judged(attached, each)).toEqual(first);
        const recorded = new Map(first.outcomes.map(({ key, outcome }) => [key, outcome]));
        const { intent, target, team, model } = each;
        const again = evaluate(attached, {
          ...actionBy({
            intent,
            target,
            team,
            agent: { team },
            cost: { usdNanos: null, tokens: null, ...(model !== null && { model }) },
            args: {},
          }),
          recorded,
        });
        expect(again).toEqual(first);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('adding a block rule anywhere never turns a block or an ask into an allow', () => {
    const strictness = { block: 2, ask: 1, allow: 0 };
    fc.assert(
      fc.property(attachments, pattern, action, (policies, match, each) => {
        fc.pre(policies.some(({ text }) => !text.includes('mode: shadow')));
        const guard: NaiveAttachment = {
          layer: 'organization',
          point: 'elsewhere',
          text: stringify({ apiVersion: 'countersign/v1', name: 'guard', block: [match] }),
        };
        const before = judged(policies.map(attach), each);
        const after = judged([...policies, guard].map(attach), each);
        expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict]);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('a pattern matches exactly the texts that some way of filling in its stars makes', () => {
    const text = (pieces: string[]) =>
      fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text(['a', 'b', 'ab', '*']), text(['a', 'b', 'ab']), (glob, subject) => {
        expect(matchesGlob(globOf(glob), subject)).toBe(wild([...glob], [...subject]));
      }),
      { seed, numRuns: 20_000 },
    );
  });

  it('folding a text twice changes no more than folding it once, and never depends on case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
        expect(fold(text.toUpperCase())).toBe(fold(text));
      }),
      { seed, numRuns: 5_000 },
    );
  });
});
