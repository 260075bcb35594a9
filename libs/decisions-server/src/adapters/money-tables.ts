import type { Counter, CounterKey } from '@countersign/budgets';
import { loadHold, storeHold, type Hold, type RateWindow } from '@countersign/decisions';
import { instant, type DecisionId } from '@countersign/kernel';
import type { EnforcementTable } from './enforcement-table.ts';

export const counterTable: EnforcementTable<CounterKey, Counter> = {
  name: 'budget_counters',
  map: ({ counters }) => counters,
  key: { key: 'text' },
  columns: { spent: 'bigint', held: 'bigint' },
  keyTexts: (key) => [key],
  valueTexts: ({ spent, held }) => [spent.toString(), held.toString()],
  fromRow: ({ key, spent, held }) => [key as CounterKey, { spent: spent as bigint, held: held as bigint }],
};

export const holdTable: EnforcementTable<DecisionId, Hold> = {
  name: 'holds',
  map: ({ holds }) => holds,
  key: { decision_id: 'text' },
  columns: { expires_at: 'bigint', entries: 'json' },
  keyTexts: (decisionId) => [decisionId],
  valueTexts: (hold) => [String(hold.expiresAt), storeHold(hold)],
  fromRow: ({ decision_id, expires_at, entries }) => [
    decision_id as DecisionId,
    loadHold(String(entries), instant(Number(expires_at))),
  ],
};

export const rateTable: EnforcementTable<string, RateWindow> = {
  name: 'rate_windows',
  map: ({ rates }) => rates,
  key: { key: 'text' },
  columns: { entries: 'json' },
  keyTexts: (key) => [key],
  valueTexts: (window) => [JSON.stringify(window)],
  fromRow: ({ key, entries }) => [String(key), JSON.parse(String(entries)) as RateWindow],
};
