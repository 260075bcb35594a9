import type { DecisionRecord, WholeDecision } from '@countersign/surface';
import { describe, expect, it } from 'vitest';
import { explainDecision } from './explain-decision.ts';
import { plain } from './paint.ts';

const id = `dec_${'0'.repeat(31)}1`;

const blocked: WholeDecision = {
  id: id as never,
  position: 16,
  decidedAt: '2026-11-20T09:30:00.000Z',
  agent: { id: 'agt_1', name: 'mailer' },
  team: { id: 'team_1', name: 'support' },
  verdict: 'block',
  intent: 'llm.chat',
  target: 'gpt-4o',
  run: 'run-42',
  user: 'customer-123',
  cost: { usd: '11' },
  reasons: [
    {
      code: 'budget.exceeded',
      policy: 'support-agent',
      version: 3,
      layer: 'agent',
      rule: 'day',
      line: 16,
      message: 'the cap is used up',
      effect: 'block',
    },
    {
      code: 'policy.rule',
      policy: 'support-agent',
      version: 3,
      layer: 'agent',
      rule: 'llm.chat:*',
      line: 6,
      message: 'The rule allows this.',
      effect: 'allow',
    },
  ],
  retryAt: '2026-11-21T00:00:00.000Z',
  requestId: 'r-1',
  keyId: 'key_1',
  environment: 'production',
  riskClass: 'limited',
  action: {
    intent: 'llm.chat',
    target: 'gpt-4o',
    cost: { usd: '11' },
    run: 'run-42',
    user: 'customer-123',
    reason: 'to answer',
  },
  redacted: [],
  digest: { salt: '', value: '' },
  price: null,
  budgets: [
    {
      policy: 'support-agent',
      budget: 'day',
      scope: 'agent',
      instanceName: 'mailer',
      unit: 'usd',
      window: 'day',
      windowStart: '2026-11-20T00:00:00.000Z',
      resetsAt: '2026-11-21T00:00:00.000Z',
      cap: '10',
      spent: '2.4',
      held: '0.42',
      asked: '11',
      remaining: '7.18',
    },
  ],
  rates: [],
  hold: null,
  approval: null,
  shadow: [],
  epoch: 11,
};

const told = (changes: Partial<WholeDecision> = {}, after: DecisionRecord['after'] = []) =>
  explainDecision({ isErased: false, decision: { ...blocked, ...changes }, after }, plain);

describe('a decision explained', () => {
  it('says who asked what, the answer, every reason with its place, the arithmetic and the proof', () => {
    expect(told().split('\n')).toEqual([
      'On 2026-11-20 at 09:30:00 UTC, agent mailer of team support asked to do `llm.chat` on `gpt-4o`, in run `run-42`, for user `customer-123`, at a cost of 11 USD. It said why: “to answer”',
      'The answer was block.',
      'Because: the cap is used up (policy support-agent, version 3, attached to the agent, rule `day`, line 16; budget.exceeded)',
      'It also matched: The rule allows this. (policy support-agent, version 3, attached to the agent, rule `llm.chat:*`, line 6; policy.rule)',
      'Budget day of policy support-agent caps agent mailer at 10 USD for the day: 2.4 USD had been spent and 0.42 USD were held, so 7.18 USD remained when 11 USD were asked. It resets on 2026-11-21 at 00:00:00 UTC.',
      'Asked again, it could be allowed from 2026-11-21 at 00:00:00 UTC on.',
      `It is recorded at position 16 of the ledger; \`countersign receipt ${id} --verify\` proves it.`,
    ]);
  });

  it('says that what can never be allowed will not be', () => {
    expect(told({ retryAt: null })).toContain('will not be allowed later either');
  });

  it('tells what came of it, in order', () => {
    const later = (type: string, data: object) => ({
      type,
      position: 17,
      recordedAt: '2026-11-20T09:31:00.000Z',
      by: 'ada',
      data,
    });
    const text = told({ verdict: 'allow' }, [
      later('HoldExpired', {}),
      later('OutcomeReported', { status: 'success', cost: { usd: '0.4' }, isLate: true }),
      later('HoldCorrected', { reason: 'as the invoice says' }),
      { ...later('OutcomeReported', {}), data: null },
    ]);
    const lines = text.split('\n').filter((line) => line.includes('09:31'));
    expect(lines.map((line) => line.replace('On 2026-11-20 at 09:31:00 UTC, ', ''))).toEqual([
      'the hold expired without a report, so what was held is presumed spent.',
      'the agent reported success, at a cost of 0.4 USD, after the hold had expired.',
      'ada corrected what it cost: “as the invoice says”',
      'something was recorded whose content was erased since (OutcomeReported).',
    ]);
  });

  it('says of an erased decision that it was made, and invents nothing', () => {
    expect(explainDecision({ isErased: true, position: 7, after: [] }, plain)).toBe(
      'What was decided at position 7 was erased; that it was decided, and when, is still provable.',
    );
  });

  it('shows what an agent wrote without letting it command the terminal', () => {
    const text = told({ action: { ...blocked.action, target: 'a\u001b[2Jb\u202e', reason: 'x\u0007' }, run: '\r' });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('a\\u001b[2Jb\\u202e');
  });
});
