import { instant, parseAmount } from '@countersign/kernel';
import type { Ask } from './demand.ts';
import type { Amounts, SelectedBudget, Subject } from './selected-budget.ts';

export const at = (iso: string) => instant(Date.parse(iso));
export const usd = (text: string) => parseAmount('usd', text);

export const mailer = 'agt_00000000000000000000000000000001';
export const treasury = 'team_00000000000000000000000000000002';
export const acme = '00000000-0000-4000-8000-000000000003';

/** The agent `mailer` of team `treasury`, working for ada in one of its runs. */
export const adasRun: Subject = {
  organization: acme,
  team: treasury,
  agent: mailer,
  user: 'ada',
  run: 'run-42',
  names: { organization: 'acme', team: 'treasury', agent: 'mailer' },
};

export const agentDay: SelectedBudget = {
  policy: 'support-agent',
  version: 3,
  layer: 'agent',
  line: 20,
  name: 'agent-day',
  scope: 'agent',
  unit: 'usd',
  window: 'day',
  cap: usd('10'),
  onExceed: 'block',
  assume: null,
  startNow: false,
  warnAt: [],
};

export const teamMonth: SelectedBudget = {
  ...agentDay,
  name: 'team-month',
  scope: 'team',
  window: 'month',
  cap: usd('500'),
  onExceed: 'ask',
};
export const runTotal: SelectedBudget = {
  ...agentDay,
  name: 'run-total',
  scope: 'run',
  window: 'total',
  cap: usd('2'),
};
export const userTokens: SelectedBudget = {
  ...agentDay,
  name: 'user-hour',
  scope: 'user',
  unit: 'tokens',
  window: 'hour',
  cap: 1_000n,
};
export const agentCalls: SelectedBudget = { ...agentDay, name: 'calls', unit: 'calls', window: 'minute', cap: 3n };

export const costing = (nanos: bigint | null, tokens: bigint | null = null): Amounts => ({
  usd: nanos,
  tokens,
  calls: 1n,
});

export const noon = at('2026-11-20T12:00:00Z');

export const asking = (nanos: bigint | null, changes: Partial<Ask> = {}): Ask => ({
  amounts: costing(nanos),
  subject: adasRun,
  at: noon,
  ...changes,
});
