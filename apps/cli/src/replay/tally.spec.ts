import type { Decision } from '@countersign/sdk';
import { describe, expect, it } from 'vitest';
import { Tally } from './tally.ts';

const base: Decision = {
  id: `dec_${'0'.repeat(32)}`,
  requestId: null,
  verdict: 'allow',
  state: 'decided',
  next: 'act',
  repeat: false,
  reasons: [{ code: 'policy.rule', rule: 'crm.read', message: 'allowed' }],
  approval: null,
  hold: null,
  validUntil: null,
  retryAt: null,
  shadow: [],
  budgets: [],
  actionDigest: null,
  position: 1,
  decidedAt: '2026-11-20T09:00:00.000Z',
  takenAt: null,
};

const overRun: Decision = {
  ...base,
  verdict: 'block',
  next: 'stop',
  reasons: [{ code: 'budget.exceeded', rule: 'run', line: 9, message: 'used up' }],
  budgets: [{ name: 'run', scope: 'run', window: 'total', unit: 'usd', resetsAt: null }],
};

describe('a tally', () => {
  it('counts verdicts by intent, and causes by what decided', () => {
    const tally = new Tally();
    tally.decided('ada-1', 'crm.read', base);
    tally.decided('ada-1', 'llm.chat', overRun);
    tally.decided('ada-1', 'llm.chat', overRun);
    const summary = tally.summary(1);
    expect(summary).toMatchObject({ actions: 3, allow: 1, ask: 0, block: 2, blockedByBudget: 2, runsOverBudget: 1 });
    expect(summary.byIntent['llm.chat']).toEqual({ allow: 0, ask: 0, block: 2 });
    expect(summary.causes).toEqual([
      expect.objectContaining({ verdict: 'block', code: 'budget.exceeded', what: 'run', count: 2 }),
    ]);
  });

  it('I11: adds what was charged without a float', () => {
    const tally = new Tally();
    const settled = (usd: string) =>
      tally.settled({
        decisionId: base.id,
        status: 'success',
        settled: { usd },
        unreported: false,
        position: 2,
        repeat: false,
      });
    settled('0.1');
    settled('0.2');
    settled('0.000000001');
    expect(tally.summary(1).spentUsd).toBe('0.300000001');
  });
});
