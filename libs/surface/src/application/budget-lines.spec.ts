import { counterKey } from '@countersign/budgets';
import { emptyEnforcement } from '@countersign/decisions';
import { instant, type AgentId, type Name, type OrganizationId, type TeamId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { currentLines, linesOf, type CounterRow } from './budget-lines.ts';
import { CompiledPolicies } from './compiled-policies.ts';

const now = instant(Date.UTC(2026, 10, 20, 9));
const today = instant(Date.UTC(2026, 10, 20));
const yesterday = instant(Date.UTC(2026, 10, 19));
const mailer = `agt_${'0'.repeat(31)}1` as AgentId;
const clerk = `agt_${'0'.repeat(31)}2` as AgentId;
const support = `team_${'0'.repeat(32)}` as TeamId;

const document = `apiVersion: countersign/v1
name: guard
limits: { ai_daily_usd: 10 }
budgets:
  - { name: team-month, scope: team, match: "llm.*:*", unit: usd, window: month, cap: 500 }
  - { name: run, scope: run, match: "llm.*:*", unit: calls, window: total, cap: 3 }
`;

function state(layer: 'organization' | 'team' | 'user' = 'team', point: string = support) {
  const made = emptyEnforcement();
  const organizationId = '00000000-0000-4000-8000-000000000001' as OrganizationId;
  made.organization.set('self', { organizationId, name: 'acme' as Name, zones: [] });
  made.teams.set(support, { teamId: support, name: 'support' as Name });
  const profile = { environment: 'production', riskClass: 'limited', labels: {} };
  for (const [agentId, name] of [
    [mailer, 'mailer'],
    [clerk, 'clerk'],
  ] as const)
    made.agents.set(agentId, { agentId, name: name as Name, teamId: support, status: 'active', profile });
  made.policies.set('guard' as Name, { name: 'guard' as Name, version: 1, document });
  made.attachments.set('guard', { name: 'guard' as Name, layer, point });
  return made;
}

const row = (changes: Partial<CounterRow['address']>, spent: bigint, held = 0n): CounterRow => ({
  address: {
    policy: 'guard',
    budget: 'ai_daily_usd',
    scope: 'agent',
    instance: mailer,
    unit: 'usd',
    window: 'day',
    windowStart: today,
    ...changes,
  },
  counter: { spent, held },
});

const facts = (made = state()) => ({ state: made, compiled: new CompiledPolicies(), now });
const short = (lines: ReturnType<typeof currentLines>) =>
  lines.map(({ budget, instanceName, spent, remaining }) => `${budget} ${instanceName} ${spent}/${remaining}`);

describe('budgets, as people read them', () => {
  it('are listed for everybody they count, spent from or not, in the windows now running', () => {
    const counters = [row({}, 2_500_000_000n, 500_000_000n), row({ windowStart: yesterday }, 9n)];
    expect(short(currentLines(counters, facts()))).toEqual([
      'ai_daily_usd clerk 0/10',
      'ai_daily_usd mailer 2.5/7',
      'team-month support 0/500',
    ]);
  });

  it('know runs by having spent, by agent and name', () => {
    const counters = [
      row(
        {
          budget: 'run',
          scope: 'run',
          unit: 'calls',
          window: 'total',
          windowStart: instant(0),
          instance: `${mailer}/a/b`,
        },
        2n,
      ),
    ];
    expect(short(currentLines(counters, facts()))).toContain('run mailer/a/b 2/1');
  });

  it('count each user where the policy is attached to one', () => {
    expect(short(currentLines([], facts(state('user', 'customer-1'))))).toContain('ai_daily_usd customer-1 0/10');
  });

  it('have no cap once their policy is attached nowhere, and keep what they spent', () => {
    const made = state();
    made.attachments.delete('guard');
    expect(currentLines([row({}, 1n)], facts(made))).toMatchObject([
      { cap: null, remaining: null, spent: '0.000000001' },
    ]);
  });

  it('show an overrun as less than nothing, and past windows on request', () => {
    const lines = linesOf([row({ windowStart: yesterday }, 12_000_000_000n)], facts());
    expect(lines).toMatchObject([
      { remaining: '-2', windowStart: '2026-11-19T00:00:00.000Z', windowEnd: '2026-11-20T00:00:00.000Z' },
    ]);
  });
});

it('a counter’s key is read back as it was written, whatever its instance holds', async () => {
  const { addressOfKey } = await import('@countersign/budgets');
  for (const instance of ['a/b/c', '', 'line\nbreak', '1/2/3/4/5/6/7']) {
    const { address } = row({ instance }, 0n);
    expect(addressOfKey(counterKey(address))).toEqual(address);
  }
  expect(addressOfKey('nonsense')).toBeNull();
});
