import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ActionCost, OutcomeCost } from './cost.ts';

const problems = (schema: z.ZodType, cost: unknown) =>
  schema.safeParse(cost).error?.issues.map((issue) => {
    const code = issue.code === 'custom' ? String(issue.params?.['code']) : issue.code;
    return `${issue.path.join('.')} ${code}: ${issue.message}`;
  }) ?? [];

const chat = { provider: 'openai', model: 'gpt-4o', inputTokens: 1_000 };

describe('a cost is stated or counted', () => {
  it.each([{ usd: '0.42' }, { usd: '0', tokens: 12 }, chat, { ...chat, cachedInputTokens: 1_000, maxOutputTokens: 0 }])(
    'accepts %j',
    (cost) => expect(problems(ActionCost, cost)).toEqual([]),
  );

  it.each([
    [{}, ['provider cost.incomplete', 'model cost.incomplete', 'inputTokens cost.incomplete']],
    [{ provider: 'openai', inputTokens: 1 }, ['model cost.incomplete']],
    [{ usd: '0.42', model: 'gpt-4o', maxOutputTokens: 1 }, ['model cost.ambiguous', 'maxOutputTokens cost.ambiguous']],
    [{ ...chat, tokens: 5 }, ['tokens cost.ambiguous']],
    [{ ...chat, cachedInputTokens: 1_001 }, ['cachedInputTokens cost.cached_exceeds_input']],
    [{ usd: 0.42 }, ['usd invalid_type: must be a decimal in quotes, such as "0.42"']],
    [{ usd: '4.2e-1' }, ['usd amount.malformed']],
    [{ usd: '-1' }, ['usd amount.malformed']],
    [{ usd: '0.0000000001' }, ['usd amount.too_precise']],
    [{ usd: '1000000.01' }, ['usd amount.too_large']],
    [{ usd: null }, ['usd invalid_type']],
    [{ ...chat, inputTokens: 1.5 }, ['inputTokens invalid_type: must be a whole number of tokens']],
    [{ ...chat, inputTokens: -1 }, ['inputTokens too_small: must not be negative']],
    [{ ...chat, inputTokens: 1e9 + 1 }, ['inputTokens too_big: must be at most 1000000000']],
    [{ ...chat, inputTokens: NaN }, ['inputTokens invalid_type: must be a whole number of tokens']],
    [{ ...chat, inputTokens: '1000' }, ['inputTokens invalid_type: must be a whole number of tokens']],
    [{ ...chat, model: '' }, ['model too_small: must not be empty']],
    [{ ...chat, outputTokens: 1 }, [' unrecognized_keys']],
    [{ usd: '1', currency: 'EUR' }, [' unrecognized_keys']],
  ])('refuses %j by field', (cost, expected) => {
    const found = problems(ActionCost, cost);
    expect(found).toHaveLength(expected.length);
    expected.forEach((start, index) => expect(found[index]?.startsWith(start), found[index]).toBe(true));
  });
});

describe('the cost of an outcome', () => {
  it.each([{ usd: '0.42' }, { ...chat, outputTokens: 20 }])('accepts %j', (cost) =>
    expect(problems(OutcomeCost, cost)).toEqual([]),
  );

  it('counts the output instead of bounding it', () => {
    expect(problems(OutcomeCost, chat)).toEqual([
      'outputTokens cost.incomplete: is required unless `usd` states the cost',
    ]);
    expect(problems(OutcomeCost, { ...chat, outputTokens: 1, maxOutputTokens: 1 })[0]).toContain('unrecognized_keys');
  });
});

describe('the published schema', () => {
  it('states the alternatives that the cross-checks enforce', () =>
    expect(z.toJSONSchema(OutcomeCost)).toMatchObject({
      additionalProperties: false,
      anyOf: [{ required: ['usd'] }, { required: ['provider', 'model', 'inputTokens', 'outputTokens'] }],
    }));
});
