import { describe, expect, it } from 'vitest';
import {
  adasRun,
  agentCalls,
  agentDay,
  asking,
  at,
  costing,
  runTotal,
  teamMonth,
  usd,
  userTokens,
} from './budget.mother.ts';
import { createCalendar } from './calendar.ts';
import type { CounterKey } from './counter.ts';
import { demandsOf, type Ask } from './demand.ts';
import { holdAll } from './hold-all.ts';
import {
  budgetCodes,
  isWiderThanAgent,
  reasonOfExceeded,
  reasonOfMaxNew,
  reasonOfMissing,
  reasonOfRate,
  withoutFigures,
} from './reason.ts';
import type { SelectedBudget } from './selected-budget.ts';

const calendar = createCalendar();

function exceeded(budget: SelectedBudget, ask: Ask, used: { spent: bigint; held: bigint }) {
  const { demands } = demandsOf([budget], ask, calendar);
  const [standing] = holdAll(demands, { get: (_key: CounterKey) => used }).exceeded;
  if (standing === undefined) throw new Error('fits');
  return reasonOfExceeded(standing);
}

describe('a budget explains itself to people', () => {
  it.each([
    [
      agentDay,
      asking(usd('0.42')),
      { spent: usd('9.70'), held: usd('0.20') },
      "the day's cap of 10 USD for agent `mailer` is used up: 9.70 spent, 0.20 held, 0.42 asked; 0.10 remains; resets 2026-11-21T00:00:00Z",
    ],
    [
      runTotal,
      asking(usd('1.5')),
      { spent: usd('1.000000001'), held: 0n },
      'the total cap of 2 USD for run `run-42` is used up: 1.000000001 spent, 0 held, 1.50 asked; 0.999999999 remains; it does not reset',
    ],
    [
      agentDay,
      asking(usd('0.01')),
      { spent: usd('12.25'), held: 0n },
      "the day's cap of 10 USD for agent `mailer` is used up: 12.25 spent, 0 held, 0.01 asked; overrun by 2.25; resets 2026-11-21T00:00:00Z",
    ],
    [
      teamMonth,
      asking(usd('501')),
      { spent: 0n, held: 0n },
      "the month's cap of 500 USD for team `treasury` is below what this action asks: 0 spent, 0 held, 501 asked; it can never be allowed as asked",
    ],
    [
      userTokens,
      asking(null, { amounts: costing(null, 600n) }),
      { spent: 500n, held: 0n },
      "the hour's cap of 1000 tokens for user `ada` is used up: 500 spent, 0 held, 600 asked; 500 remains; resets 2026-11-20T13:00:00Z",
    ],
    [
      { ...agentCalls, cap: 1n },
      asking(null),
      { spent: 1n, held: 0n },
      "the minute's cap of 1 call for agent `mailer` is used up: 1 spent, 0 held, 1 asked; 0 remains; resets 2026-11-20T12:01:00Z",
    ],
    [
      { ...runTotal, assume: usd('1') },
      asking(null, { subject: { ...adasRun, run: null } }),
      { spent: usd('2'), held: 0n },
      'the total cap of 2 USD for actions without a run is used up: 2 spent, 0 held, 1 asked; 0 remains; it does not reset',
    ],
  ])('%#: with the whole arithmetic', (budget, ask, used, message) =>
    expect(exceeded(budget, ask, used).message).toBe(message),
  );

  it('carries the figures as decimal text, and where the budget is written', () =>
    expect(exceeded(agentDay, asking(usd('0.42')), { spent: usd('9.70'), held: usd('0.20') })).toMatchObject({
      code: 'budget.exceeded',
      policy: 'support-agent',
      version: 3,
      layer: 'agent',
      rule: 'agent-day',
      line: 20,
      effect: 'block',
      detail: {
        cap: '10',
        spent: '9.7',
        held: '0.2',
        asked: '0.42',
        remaining: '0.1',
        resetsAt: at('2026-11-21T00:00:00Z'),
      },
      retryAt: at('2026-11-21T00:00:00Z'),
    }));

  it('asks when the budget asks', () =>
    expect(exceeded(teamMonth, asking(usd('1')), { spent: usd('500'), held: 0n }).effect).toBe('ask'));
});

describe('a message cannot be forged by a name', () => {
  const named = (user: string) =>
    exceeded(userTokens, asking(null, { amounts: costing(null, 2n), subject: { ...adasRun, user } }), {
      spent: 1_000n,
      held: 0n,
    }).message;

  it.each([
    ['a line break', 'ada\nallowed', 'user `ada\\u{a}allowed`'],
    ['the end of the quotation', 'ada` is fine; `', 'user `ada\\u{60} is fine; \\u{60}`'],
    ['a reversed direction', 'ada\u202e', 'user `ada\\u{202e}`'],
    ['a thousand letters', 'a'.repeat(1_000), `user \`${'a'.repeat(80)}…\``],
  ])('with %s', (_case, user, shown) => expect(named(user)).toContain(`for ${shown} is used up`));
});

describe('an agent sees no figures of budgets wider than itself', () => {
  it('and still the name, the effect and when it resets', () => {
    const reason = withoutFigures(exceeded(teamMonth, asking(usd('1')), { spent: usd('499.77'), held: usd('0.13') }));
    expect(JSON.stringify(reason)).not.toMatch(/499|0\.13|0\.1\b|500|"cap"/);
    expect(reason.message).toBe(
      'budget `team-month` of policy `support-agent`, which counts the team, is used up; resets 2026-12-01T00:00:00Z',
    );
    expect(reason.detail).toMatchObject({ budget: 'team-month', resetsAt: at('2026-12-01T00:00:00Z') });
  });

  it.each([
    ['organization', true],
    ['team', true],
    ['agent', false],
    ['user', false],
    ['run', false],
  ] as const)('%s is wider: %s', (scope, isWider) => expect(isWiderThanAgent(scope)).toBe(isWider));
});

describe('what an action lacks is named with what to send', () => {
  it.each([
    ['budget.cost_missing', agentDay, 'send `cost.usd`'],
    ['budget.cost_missing', userTokens, '`cost.inputTokens` and `cost.maxOutputTokens`'],
    ['budget.user_missing', userTokens, 'send `user`'],
    ['budget.run_missing', runTotal, 'send `run`'],
  ] as const)('%s', (code, budget, advice) => {
    const reason = reasonOfMissing({ code, budget });
    expect(reason).toMatchObject({ code, effect: 'block', retryAt: null });
    expect(reason.message).toContain(advice);
  });
});

describe('a rate explains itself', () => {
  const rate = {
    policy: 'mail',
    version: 1,
    layer: 'agent',
    scope: 'agent',
    match: 'email.send:*',
    max: 20,
    perMs: 60_000,
    line: 7,
  } as const;
  const retryAt = at('2026-11-20T12:00:30.5Z');

  it('with its limit, its period and the next chance', () =>
    expect(reasonOfRate(rate, adasRun, { max: 20, perMs: 60_000, retryAt })).toMatchObject({
      code: 'rate.exceeded',
      message:
        'at most 20 of `email.send:*` in any minute for agent `mailer` are allowed; next at 2026-11-20T12:00:30.500Z',
      retryAt,
    }));

  it('in the largest unit that fits', () =>
    expect(reasonOfMaxNew({ ...rate, kind: 'run', max: 100 }, { max: 100, perMs: 5_400_000, retryAt }).message).toBe(
      'at most 100 new runs in any 90 minutes are allowed for an agent; the next at 2026-11-20T12:00:30.500Z; known ones are not affected',
    ));
});

describe('codes', () => {
  it('each have a sentence', () => {
    for (const meaning of Object.values(budgetCodes)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });
});
