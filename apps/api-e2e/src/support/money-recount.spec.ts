import { describe, expect, it } from 'vitest';
import { recount } from './money-recount.ts';
import type { LedgerRow } from './recorded-ledger.ts';

const figure = { policy: 'p', budget: 'b', instance: 'i', unit: 'usd', windowStart: 0, cap: '2', asked: '1' };

const decided = (position: number, verdict: string, id = `d${position}`): LedgerRow => ({
  position,
  type: 'ActionDecided',
  recordedAt: 0,
  payload: {
    decisionId: id,
    requestId: `r-${id}`,
    verdict,
    budgets: [figure],
    reasons: verdict === 'block' ? [{ code: 'budget.exceeded', effect: 'block' }] : [],
  },
});

const reported = (position: number, decisionId: string, charged: string): LedgerRow => ({
  position,
  type: 'OutcomeReported',
  recordedAt: 0,
  payload: { decisionId, charged: [charged] },
});

/** The suites believe this recount, so it must be able to say no. */
describe('the recount', () => {
  it('names an allow above the cap', () => {
    expect(recount([0, 1, 2].map((position) => decided(position, 'allow'))).overCap).toEqual([2]);
  });

  it('accepts reaching the cap exactly, and a refusal after it', () => {
    expect(recount([decided(0, 'allow'), decided(1, 'allow'), decided(2, 'block')])).toMatchObject({
      overCap: [],
      wronglyRefused: [],
      allowed: 2,
    });
  });

  it('names a refusal of what still fitted', () => {
    expect(recount([decided(0, 'allow'), decided(1, 'block')]).wronglyRefused).toEqual([1]);
  });

  it('gives back what an outcome did not cost', () => {
    const rows = [
      decided(0, 'allow'),
      decided(1, 'allow'),
      reported(2, 'd0', '0.5'),
      decided(3, 'block'),
      reported(4, 'd1', '0'),
      decided(5, 'allow'),
    ];
    expect(recount(rows)).toMatchObject({ overCap: [], wronglyRefused: [] });
  });

  it('names what was decided twice', () => {
    expect(recount([decided(0, 'allow', 'x'), decided(1, 'allow', 'x')])).toMatchObject({
      twice: ['x'],
      requestsTwice: ['r-x'],
    });
  });
});
