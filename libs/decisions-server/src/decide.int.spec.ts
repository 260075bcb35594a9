import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fiveDollars, openOrganization, openProcess, purchase, type TestProcess } from './decisions.mother.ts';

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
    const [one, other] = await Promise.all([api.decisions.decide(caller, action), api.decisions.decide(caller, action)]);

    expect(other.id).toBe(one.id);
    expect([one.repeat, other.repeat].sort()).toEqual([false, true]);
    expect(one.reasons).toEqual(other.reasons);
  });

  it('refuses the same id for another action, and gives no second permission after the outcome', async () => {
    const { caller } = await openOrganization(api, fiveDollars);
    const action = purchase();
    const { id } = await api.decisions.decide(caller, action);
    await expect(api.decisions.decide(caller, { ...action, target: 'toys' })).rejects.toMatchObject({ code: 'request.reused' });

    await api.reports.report(caller, id as never, { status: 'success' });
    await expect(api.decisions.decide(caller, action)).rejects.toMatchObject({ code: 'request.closed' });
  });
});
