import { counterKey, type HoldEntry } from '@countersign/budgets';
import { instant, type AgentId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { loadHold, storeHold, type Hold } from './hold.ts';

const entry = (instance: string): HoldEntry => ({
  policy: 'five-dollars',
  budget: 'all',
  scope: 'user',
  instance,
  unit: 'usd',
  window: 'day',
  windowStart: instant(1_000),
  windowEnd: instant(2_000),
  amount: 5_000_000n,
});

const holdOf = (...entries: readonly HoldEntry[]): Hold => ({
  agentId: 'agt_00000000000000000000000000000001' as AgentId,
  expiresAt: instant(9_000),
  entries,
  keys: entries.map(counterKey),
  streamVersion: 2,
});

describe('a hold as its row holds it', () => {
  // Users and runs are whatever agents call them.
  it.each(['customer-123', '', 'a "b" \\ c', 'line\nbreak', 'a/b/c', 'ä😀', '\u0001', '\u2028'])(
    'comes back as it was, for the user `%s`',
    (instance) => {
      const hold = holdOf(entry(instance), { ...entry('other'), windowEnd: null });
      expect(loadHold(storeHold(hold), hold.expiresAt)).toEqual(hold);
    },
  );

  it('is JSON, whatever is in it', () => {
    const text = storeHold(holdOf(entry('a "b"\u0001')));
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
  });
});
