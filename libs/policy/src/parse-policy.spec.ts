import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePolicy } from './parse-policy.ts';
import { policyCodes } from './policy-codes.ts';
import { policySchema } from './policy-source.ts';
import { policyTemplates } from './policy-templates.ts';

const designExample = `apiVersion: countersign/v1
name: support-agent
description: Answers customers; refunds need a person.
mode: enforce
default: block
allow:
  - "llm.chat:*"
  - "crm.read:*"
  - match: "refund.issue:*"
    when: "args.amount <= 50"
ask:
  - "slack.post:*"
  - match: "refund.issue:*"
    when: "args.amount > 50"
    approval: { team: treasury, quorum: 2, expiresIn: 30m, permitFor: 1h, requireReason: approver, escalate: { after: 10m, team: finance-leads } }
block:
  - "fs.delete:*"
  - { match: "email.send:*@competitor.com", message: "Never write to competitors." }
neverAutoApprove: ["payment.*:*"]
limits:
  ai_daily_usd: 10
  llm_daily_usd: 5
budgets:
  - { name: team-month, scope: team, match: "llm.*:*", unit: usd, window: month, cap: 500, onExceed: ask, approval: { team: finance-leads }, raiseMax: 100, warnAt: [0.5, 0.8] }
rates:
  - { match: "email.send:*", scope: agent, max: 20, per: 1m }
models: { allow: ["gpt-4o*", "claude-*"] }
prices: [{ provider: openai, model: "ft:*", inputPerMTok: "1.10", outputPerMTok: "4.40", from: 2026-01-01 }]
unknownPrice: block
explain: message
`;

describe('a policy text', () => {
  it('may say all that the design’s example says', () => {
    const { document, problems } = parsePolicy(designExample);
    expect(problems.map(({ code, line }) => `${code}@${line}`)).toEqual([
      'policy.unguarded_path@10',
      'policy.unguarded_path@14',
    ]);
    expect(problems[0]?.message).toMatch(
      /is blocked, whatever other rules say; to let them decide, begin with `has\(args\..*\) &&`/,
    );
    expect(document).toMatchObject({
      name: 'support-agent',
      default: 'block',
      defaultLine: 5,
      rules: [
        { effect: 'allow', line: 7 },
        { line: 8 },
        { line: 9 },
        { line: 12 },
        { approval: { team: 'treasury', quorum: 2, expiresInMs: 1_800_000, escalate: { afterMs: 600_000 } } },
        {},
        { message: 'Never write to competitors.' },
      ],
      budgets: [
        { name: 'ai_daily_usd', cap: 10_000_000_000n },
        { name: 'llm_daily_usd' },
        { name: 'team-month', raiseMax: 100_000_000_000n, warnAt: [0.5, 0.8] },
      ],
      prices: [{ inputPerMTok: '1.10', from: Date.UTC(2026, 0, 1) }],
    });
  });

  it('gives each problem its line, its column and what would be right', () => {
    const { problems } = parsePolicy(
      'apiVersion: countersign/v1\nname: x\nallow:\n  - { match: "a", wen: "true" }\n  - { match: "b", when: "target == 5" }\nrates: [{ match: a, scope: agnt, max: 5, per: 60 }]\n',
    );
    expect(problems.map(({ line, column, path, message }) => [line, column, path, message])).toEqual([
      [4, 19, 'allow[0].wen', '`wen` is not a key here: did you mean `when`?'],
      [5, 26, 'allow[1].when', '`when`: `target` is a string and `5` is a number: `==` cannot take both.'],
      [
        6,
        28,
        'rates[0].scope',
        '`scope` must be `organization` or `team` or `agent` or `user` or `run`, and is `agnt`.',
      ],
      [6, 47, 'rates[0].per', '`per` has no unit: write 60s, 60m or 60h.'],
    ]);
  });

  it('keeps money exact, whether written with quotes or without', () => {
    const caps = (cap: string) =>
      parsePolicy(`apiVersion: countersign/v1\nname: x\nlimits: { ai_daily_usd: ${cap} }\n`).document?.budgets[0]?.cap;
    expect([
      caps('0.1'),
      caps('"0.1"'),
      caps('0.300000001'),
      caps('999999.999999999'),
      caps('10'),
      caps('010.50'),
    ]).toEqual([100_000_000n, 100_000_000n, 300_000_001n, 999_999_999_999_999n, 10_000_000_000n, 10_500_000_000n]);
  });

  it.each([
    ['[', 'a tower of brackets'],
    ['{a: ', 'a tower of mappings'],
    ['- ', 'a tower of lists'],
    ['!', 'many marks'],
    ['a: b\n', 'the same key again and again'],
    ['k: [{}]\n', 'lists under the same key'],
    ['"', 'many quotes'],
    ['\u0000', 'null characters'],
    ['&a ', 'many anchors'],
  ])('is refused within five seconds when it is nothing but %s (%s)', (piece) => {
    const from = performance.now();
    for (const length of [1_000, 20_000]) expect(parsePolicy(piece.repeat(length)).document).toBeNull();
    expect(parsePolicy('x'.repeat(600_000)).problems[0]?.message).toContain('256 KiB');
    expect(performance.now() - from).toBeLessThan(5_000);
  });
});

describe('a long text', () => {
  it('of ten thousand keys or rules is read within five seconds', () => {
    const from = performance.now();
    const lines = (line: (index: number) => string) =>
      Array.from({ length: 10_000 }, (_, index) => line(index)).join('\n');
    expect(parsePolicy(lines((index) => `key${index}: 1`)).problems.length).toBe(500);
    expect(
      parsePolicy(`apiVersion: countersign/v1\nname: x\nallow:\n${lines((index) => `  - "s${index}.read"`)}`).document
        ?.rules.length,
    ).toBe(10_000);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  it('of warnings that fill the list still refuses for the error behind them', () => {
    const rules = Array.from({ length: 600 }, () => '  - { match: a, when: "args.x > 1" }').join('\n');
    expect(parsePolicy(`apiVersion: countersign/v1\nname: x\nallow:\n${rules}\nwrong: 1\n`).document).toBeNull();
  });
});

describe('the published schema', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(policySchema);

  it.each([['the design’s example', designExample], ...Object.entries(policyTemplates)])('accepts %s', (_, text) => {
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  it('refuses unknown keys, empty lists and rules without a pattern', () => {
    const base = { apiVersion: 'countersign/v1', name: 'x' };
    for (const wrong of [{ alow: ['a'] }, { allow: [] }, { allow: [{ when: 'true' }] }, { mode: 'off' }])
      expect(validate({ ...base, ...wrong })).toBe(false);
  });
});

describe('codes', () => {
  const sources = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => file.endsWith('.ts') && !/\.spec\.ts$|policy-codes/.test(file),
  );
  const text = sources.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');

  it.each(Object.entries(policyCodes))('%s is used, and is explained in a sentence', (code, meaning) => {
    expect(text).toContain(`'${code}'`);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('are all in the list', () => {
    const used = text.match(/(?<=['`])(policy|yaml|models|template|cases)\.[a-z_]+(?=['`|])/g) ?? [];
    expect([...new Set(used)].filter((code) => !(code in policyCodes) && !/\.ts$/.test(code))).toEqual([]);
  });
});
