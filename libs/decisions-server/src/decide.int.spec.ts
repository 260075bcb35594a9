import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '@countersign/crypto';
import { PostgresLedger } from '@countersign/ledger-server';
import { CorrectHold } from './application/correct-hold.ts';
import { ExpireHolds } from './application/expire-holds.ts';
import { ada, fiveDollars, openOrganization, openProcess, purchase, type TestProcess } from './decisions.mother.ts';

let database: TestDatabase;
let api: TestProcess;

beforeAll(async () => {
  database = await openDatabase();
  api = openProcess(database.appUrl);
});

afterAll(async () => {
  await api.end();
  await database.drop();
});

describe('I2: never over a cap', () => {
  it('allows exactly what the cap holds, however many ask at once', async () => {
    const { caller } = await openOrganization(api, fiveDollars);
    const views = await Promise.all(Array.from({ length: 20 }, () => api.decisions.decide(caller, purchase())));

    expect(views.filter(({ verdict }) => verdict === 'allow')).toHaveLength(5);
    expect(views.find(({ verdict }) => verdict === 'block')?.reasons[0]).toMatchObject({ code: 'budget.exceeded' });
  });

  it('gives room again for what an outcome releases', async () => {
    const { caller } = await openOrganization(api, fiveDollars);
    const first = await api.decisions.decide(caller, purchase({ cost: { usd: '5' } }));
    expect((await api.decisions.decide(caller, purchase())).verdict).toBe('block');

    await api.reports.report(caller, first.id as never, { status: 'success', cost: { usd: '4' } });
    expect((await api.decisions.decide(caller, purchase())).verdict).toBe('allow');
    expect((await api.decisions.decide(caller, purchase())).verdict).toBe('block');
  });
});

describe('I10: asking twice is asking once', () => {
  it('answers the same request with the same decision', async () => {
    const { caller } = await openOrganization(api, fiveDollars);
    const action = purchase();
    const [one, other] = await Promise.all([
      api.decisions.decide(caller, action),
      api.decisions.decide(caller, action),
    ]);

    expect(other.id).toBe(one.id);
    expect([one.repeat, other.repeat].sort()).toEqual([false, true]);
    expect(one.reasons).toEqual(other.reasons);
  });

  it('refuses the same id for another action, and gives no second permission after the outcome', async () => {
    const { caller } = await openOrganization(api, fiveDollars);
    const action = purchase();
    const { id } = await api.decisions.decide(caller, action);
    await expect(api.decisions.decide(caller, { ...action, target: 'toys' })).rejects.toMatchObject({
      code: 'request.reused',
    });

    await api.reports.report(caller, id as never, { status: 'success' });
    await expect(api.decisions.decide(caller, action)).rejects.toMatchObject({ code: 'request.closed' });
  });
});

describe('a hold that nobody reported', () => {
  const briefly = fiveDollars.replace('["shop.buy:*"]', '[{ match: "shop.buy:*", holdFor: 1s }]');
  const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it('is settled at what was held, by the sweep, and corrected by the first report after', async () => {
    const { caller } = await openOrganization(api, briefly);
    const { id } = await api.decisions.decide(caller, purchase({ cost: { usd: '5' } }));
    await later(1_100);
    await new ExpireHolds(api.pools.commands, api.transactions).sweep();
    expect((await api.decisions.decide(caller, purchase())).verdict).toBe('block');

    const answer = await api.reports.report(caller, id as never, { status: 'success', cost: { usd: '4' } });
    expect(answer).toMatchObject({ kind: 'reported', outcome: { isLate: true } });
    expect((await api.decisions.decide(caller, purchase())).verdict).toBe('allow');
    await expect(api.reports.report(caller, id as never, { status: 'error' })).resolves.toMatchObject({
      rejection: { code: 'outcome.already_reported' },
    });
  });

  // A late report once corrected from what expiry had presumed, over what a person had said since.
  it('is corrected from where a person left it, when the report comes after that', async () => {
    const { caller, organizationId } = await openOrganization(api, briefly);
    const { id } = await api.decisions.decide(caller, purchase({ cost: { usd: '5' } }));
    await later(1_100);
    await new ExpireHolds(api.pools.commands, api.transactions).sweep();
    const correction = { decisionId: id as never, cost: { usd: '1' }, reason: 'the invoice says so' };
    await new CorrectHold(api.pools.commands, api.transactions).correct(organizationId, ada, correction);
    const answer = await api.reports.report(caller, id as never, { status: 'success', cost: { usd: '2' } });
    expect(answer).toMatchObject({ kind: 'reported', outcome: { isLate: true, charged: ['2'] } });

    const rest = await api.decisions.decide(caller, purchase({ cost: { usd: '3' } }));
    expect(rest).toMatchObject({ verdict: 'allow', budgets: [{ spent: '2', held: '0', asked: '3' }] });
    expect((await api.decisions.decide(caller, purchase({ cost: { usd: '0.000000001' } }))).verdict).toBe('block');
  });

  it('is expired by a person who corrects it, sweep or no sweep', async () => {
    const { caller, organizationId } = await openOrganization(api, briefly);
    const { id } = await api.decisions.decide(caller, purchase({ cost: { usd: '5' } }));
    await later(1_100);
    const correction = { decisionId: id as never, cost: { usd: '1' }, reason: 'the invoice says so' };
    const outcome = await new CorrectHold(api.pools.commands, api.transactions).correct(
      organizationId,
      ada,
      correction,
    );
    expect(outcome).toMatchObject({ outcome: 'accepted', events: [{ type: 'HoldCorrected' }] });
    expect(await api.decisions.decide(caller, purchase({ cost: { usd: '4' } }))).toMatchObject({
      verdict: 'allow',
      budgets: [{ spent: '1', held: '0', asked: '4' }],
    });
  });

  // The second once began from what stood before the first, and took its difference away again.
  it('is not corrected once a part of what it came to was erased', async () => {
    const { caller, organizationId } = await openOrganization(api, fiveDollars);
    const { id } = await api.decisions.decide(caller, purchase({ cost: { usd: '1' } }));
    await api.reports.report(caller, id as never, { status: 'success', cost: { usd: '0.4' } });
    const holds = new CorrectHold(api.pools.commands, api.transactions);
    const correct = (usd: string) =>
      holds.correct(organizationId, ada, { decisionId: id as never, cost: { usd }, reason: 'said on the phone' });
    const first = await correct('0.9');
    const positions = first.outcome === 'accepted' ? first.events.map(({ position }) => position) : [];
    const ledger = new PostgresLedger({ ...api.pools, transactions: api.transactions, crypto: nodeCrypto });
    await ledger.erase(organizationId, { positions, reason: 'names a person', actor: ada });

    expect(await correct('0.2')).toMatchObject({ outcome: 'rejected', rejection: { code: 'holds.erased' } });
    expect(await api.decisions.decide(caller, purchase())).toMatchObject({ budgets: [{ spent: '0.9' }] });
  });

  it('is expired by whoever touches it first, sweep or no sweep', async () => {
    const { caller } = await openOrganization(api, briefly);
    const { id } = await api.decisions.decide(caller, purchase({ cost: { usd: '5' } }));
    await later(1_100);
    const answer = await api.reports.report(caller, id as never, { status: 'cancelled' });

    expect(answer).toMatchObject({ kind: 'reported', outcome: { isLate: true, charged: ['0'] } });
    expect((await api.decisions.decide(caller, purchase({ cost: { usd: '5' } }))).verdict).toBe('allow');
  });
});

describe('more money for a running action', () => {
  it('is decided by the same cap, once per extension', async () => {
    const { caller } = await openOrganization(api, fiveDollars);
    const { id } = await api.decisions.decide(caller, purchase({ cost: { usd: '3' } }));
    const extension = { extensionId: 'more', cost: { usd: '1.5' } };

    expect(await api.reports.extend(caller, id as never, extension)).toMatchObject({ verdict: 'allow' });
    expect(await api.reports.extend(caller, id as never, extension)).toMatchObject({ verdict: 'allow' });
    const refused = await api.reports.extend(caller, id as never, { extensionId: 'again', cost: { usd: '1' } });
    expect(refused).toMatchObject({
      verdict: 'block',
      reasons: [{ code: 'budget.exceeded' }, { code: 'policy.rule' }],
    });
    await api.reports.report(caller, id as never, { status: 'success', cost: { usd: '4.5' } });
    expect((await api.decisions.decide(caller, purchase({ cost: { usd: '0.5' } }))).verdict).toBe('allow');
    expect((await api.decisions.decide(caller, purchase({ cost: { usd: '0.000000001' } }))).verdict).toBe('block');
  });
});

describe('one poison action among good ones', () => {
  // The edge refuses U+0000; here it gets through, and makes the row of the run's counter one that Postgres refuses.
  it('is refused alone', async () => {
    const { caller } = await openOrganization(api, fiveDollars.replace('scope: agent', 'scope: run, assume: "1"'));
    const poison = purchase({ run: 'a\u0000b' });
    const asked = [...Array.from({ length: 5 }, () => purchase()), poison].map((action) =>
      api.decisions.decide(caller, action),
    );
    const results = await Promise.allSettled(asked);

    expect(results.slice(0, 5).map((result) => result.status === 'fulfilled' && result.value.verdict)).toEqual(
      Array(5).fill('allow'),
    );
    expect(results[5]).toMatchObject({ status: 'rejected', reason: { code: 'decision.failed' } });
  });
});
