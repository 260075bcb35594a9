import { randomUUID } from 'node:crypto';
import { emptyEnforcement, evolve, type AnyEvent } from '@countersign/decisions';
import type { DecisionId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { inTenant } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadSnapshot } from './application/read-snapshot.ts';
import { SweepApprovals } from './application/sweep-approvals.ts';
import { openOrganization, openProcess, purchase, type TestProcess } from './decisions.mother.ts';
import { answering, approve, grantOf, joinTreasury } from './people.mother.ts';

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

/** Buying is asked about; two dollars a day are allowed, and people may raise that. */
const asking = `apiVersion: countersign/v1
name: asking
allow: ["note.write:*"]
ask:
  - { match: "shop.buy:*", approval: { team: treasury, expiresIn: 1h, permitFor: 1h } }
budgets:
  - { name: notes, scope: agent, match: "note.*:*", unit: usd, window: total, cap: 2, onExceed: ask, approval: { team: treasury }, raiseMax: 10 }
`;

async function opened(document = asking) {
  const organization = await openOrganization(api, document);
  const [ada, grace] = [await joinTreasury(api, organization), await joinTreasury(api, organization)];
  const { caller, organizationId } = organization;
  return {
    ...organization,
    ada,
    grace,
    answer: answering(api, organization),
    ask: (changes: object = {}) => api.decisions.decide(caller, purchase(changes)),
    take: (id: string, action: object, takeId: string = randomUUID()) =>
      api.takes.take(caller, id as DecisionId, { takeId, action: purchase(action) }),
    view: (id: string) => api.decisions.view(caller, id as DecisionId),
    folds: () => foldsToItsRows(organizationId),
  };
}

/** Every row is what the ledger says. */
async function foldsToItsRows(organizationId: Awaited<ReturnType<typeof openOrganization>>['organizationId']) {
  const rows = await inTenant(
    api.pools.reads,
    organizationId,
    (sql) => sql<EventRow[]>`
      select e.*, p.salt, p.payload from ledger.events e join ledger.payloads p using (organization_id, position, recorded_at)
       where e.organization_id = ${organizationId}::text::uuid order by e.position`,
  );
  const folded = emptyEnforcement();
  for (const { type, content, recordedAt: at, streamVersion } of rows.map(toRecorded))
    evolve(folded, { event: { type, data: JSON.parse(content?.payload ?? '') } as AnyEvent, at, streamVersion });
  const { state } = await new ReadSnapshot(api.pools.reads).read(organizationId);
  expect(state).toEqual(folded);
  return rows.map(({ type }) => type);
}

describe('an asked action', () => {
  it('waits, is approved, taken once for exactly what was approved, and reported', async () => {
    const { ask, answer, ada, take, view, folds, caller } = await opened();
    const asked = await ask();
    expect(asked).toMatchObject({ verdict: 'ask', state: 'pending', next: 'wait' });

    expect(await answer(ada, approve(asked))).toMatchObject({ outcome: 'accepted' });
    expect(await view(asked.id)).toMatchObject({ state: 'approved', next: 'take', verdict: 'ask' });

    const other = await take(asked.id, { target: 'toys' });
    expect(other).toMatchObject({ verdict: 'block', next: 'stop', reasons: [{ code: 'permit.mismatch' }] });
    const taken = await take(asked.id, {}, 'once');
    expect(taken).toMatchObject({ id: asked.id, verdict: 'ask', state: 'taken', next: 'act' });
    expect(await take(asked.id, {}, 'once')).toEqual(taken);
    await expect(take(asked.id, {}, 'twice')).rejects.toMatchObject({ rejection: { code: 'permit.taken' } });
    await expect(take(asked.id, { target: 'toys' }, 'once')).rejects.toMatchObject({
      rejection: { code: 'take.reused' },
    });

    const report = { status: 'success', cost: { usd: '0.5' } } as const;
    expect(await api.reports.report(caller, asked.id as DecisionId, report)).toMatchObject({ kind: 'reported' });
    expect(await view(asked.id)).toMatchObject({ state: 'reported', next: 'stop' });
    expect(await folds()).toContain('TakeDecided');
  });

  it('joins one that waits and asks the same: one approval, one permit', async () => {
    const { ask, answer, ada, take, folds } = await opened();
    const [one, other] = [await ask(), await ask()];
    expect(other.id).not.toBe(one.id);
    expect(other.approval?.id).toBe(one.approval?.id);
    expect((await ask({ cost: { usd: '2' } })).approval?.id).not.toBe(one.approval?.id);

    await answer(ada, approve(one));
    expect(await take(other.id, {}, 'of the other')).toMatchObject({ next: 'act' });
    await expect(take(one.id, {}, 'of the one')).rejects.toMatchObject({ rejection: { code: 'permit.taken' } });
    await expect(take(one.id, {}, 'of the other')).rejects.toMatchObject({ rejection: { code: 'permit.taken' } });
    await folds();
  });

  it('is blocked when twenty wait, unless one of them is the same', async () => {
    const { ask, folds } = await opened();
    await Promise.all(Array.from({ length: 20 }, (_, index) => ask({ target: `book-${index}` })));
    expect(await ask({ target: 'one too many' })).toMatchObject({
      verdict: 'block',
      approval: null,
      reasons: [{ code: 'approvals.too_many' }, {}],
    });
    expect(await ask({ target: 'book-7' })).toMatchObject({ verdict: 'ask' });
    await folds();
  });

  it('is denied with words for its agent, and its request stays closed', async () => {
    const { ask, answer, ada, grace, view, caller } = await opened();
    const action = purchase();
    const asked = await api.decisions.decide(caller, action);
    const words = { reason: 'no', feedback: `use another shop, not csk_${'x'.repeat(43)}` };
    await answer(ada, { ...approve(asked), verdict: 'deny', ...words });
    expect(await view(asked.id)).toMatchObject({ state: 'denied', next: 'stop', approval: { state: 'denied' } });
    expect((await view(asked.id))?.approval?.feedback).not.toContain('csk_x');
    expect(await answer(grace, approve(asked))).toMatchObject({
      rejection: { code: 'approvals.already_settled', as: 'denied', by: ada.memberId },
    });
    await expect(api.decisions.decide(caller, action)).rejects.toMatchObject({ code: 'request.closed' });
    expect((await ask()).approval?.id).not.toBe(asked.approval?.id);
  });

  it('is edited by a person, and taken as edited only', async () => {
    const { ask, answer, ada, view, take, folds } = await opened();
    const asked = await ask({ args: { copies: 100 } });
    const { approvalId, digest } = approve(asked);
    await answer(ada, { type: 'EditApproval', approvalId, digest, args: { copies: 10 } });
    const edited = await view(asked.id);
    expect(edited).toMatchObject({ state: 'approved', next: 'take', action: { args: { copies: 10 } } });

    expect(await take(asked.id, { args: { copies: 100 } })).toMatchObject({ reasons: [{ code: 'permit.mismatch' }] });
    expect(await take(asked.id, { args: { copies: 10 } })).toMatchObject({ next: 'act', state: 'taken' });
    await folds();
  });

  it('is asked about in words, which its agent answers once', async () => {
    const { ask, answer, ada, caller, view } = await opened();
    const asked = await ask();
    const { approvalId } = approve(asked);
    const questionId = `qst_${'0'.repeat(32)}`;
    await answer(ada, { type: 'AskAgent', approvalId, questionId, text: 'Which edition?' });
    const say = (text: string) =>
      api.takes.answer(caller, asked.id as DecisionId, { questionId: questionId as never, text });
    expect(await say('The second.')).toMatchObject({ approval: { questions: [{ answer: 'The second.' }] } });
    expect(await say('The second.')).toMatchObject({ next: 'wait' });
    await expect(say('The third.')).rejects.toMatchObject({ rejection: { code: 'approvals.already_answered' } });
    expect(await view(asked.id)).toMatchObject({ approval: { questions: [{ text: 'Which edition?' }] } });
  });

  it('is taken back while it waits, and not any more once people said yes', async () => {
    const { ask, answer, ada, caller, view, folds } = await opened();
    const [one, other] = [await ask(), await ask({ target: 'toys' })];
    expect(await api.reports.cancel(caller, one.id as DecisionId)).toEqual({ kind: 'cancelled' });
    expect(await view(one.id)).toMatchObject({ state: 'cancelled', approval: { state: 'cancelled' } });
    await answer(ada, approve(other));
    expect(await api.reports.cancel(caller, other.id as DecisionId)).toMatchObject({
      rejection: { code: 'ask.not_pending' },
    });
    await folds();
  });
});

describe('I5: at the take all is judged again', () => {
  const approved = async (action: object = {}) => {
    const organization = await opened();
    const asked = await organization.ask(action);
    await organization.answer(organization.ada, approve(asked));
    return { ...organization, id: asked.id };
  };

  it('a stop refuses it and leaves the permit, which is taken when the stop is lifted', async () => {
    const { id, take, tell, folds } = await approved();
    const stopId = `stp_${randomUUID().replaceAll('-', '')}`;
    await tell({ type: 'PlaceStop', stopId, scope: { kind: 'organization' }, reason: 'incident' } as never);
    expect(await take(id, {})).toMatchObject({
      verdict: 'block',
      state: 'approved',
      reasons: [{ code: 'stop.active' }, {}],
    });
    await tell({ type: 'LiftStop', stopId } as never);
    expect(await take(id, {})).toMatchObject({ next: 'act' });
    await folds();
  });

  it('a policy of today that blocks makes the permit void', async () => {
    const { id, take, tell, view, folds } = await approved();
    await tell({ type: 'PublishPolicy', document: `${asking}block: ["shop.buy:*"]\n`, note: '' });
    expect(await take(id, {})).toMatchObject({
      verdict: 'block',
      state: 'expired',
      reasons: [{ code: 'policy.rule' }, {}],
    });
    await tell({ type: 'PublishPolicy', document: asking, note: '' });
    await expect(take(id, {})).rejects.toMatchObject({ rejection: { code: 'permit.lapsed' } });
    expect(await view(id)).toMatchObject({ approval: { state: 'lapsed' }, next: 'stop' });
    await folds();
  });

  it('a policy of today that asks more people refuses it and leaves the permit', async () => {
    const { id, take, tell, view } = await approved();
    await tell({
      type: 'PublishPolicy',
      document: asking.replace('team: treasury,', 'team: treasury, quorum: 2,'),
      note: '',
    });
    expect(await take(id, {})).toMatchObject({ verdict: 'block', reasons: [{ code: 'permit.not_met' }, {}] });
    expect(await view(id)).toMatchObject({ next: 'take' });
  });

  it('a permit that was not taken in time is none', async () => {
    const organization = await opened(asking.replace('permitFor: 1h', 'permitFor: 1s'));
    const asked = await organization.ask();
    await organization.answer(organization.ada, approve(asked));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await organization.view(asked.id)).toMatchObject({ state: 'expired', next: 'stop' });
    await expect(organization.take(asked.id, {})).rejects.toMatchObject({ rejection: { code: 'permit.lapsed' } });
    expect(await organization.folds()).toContain('PermitLapsed');
  });
});

describe('a budget that asks', () => {
  const note = { intent: 'note.write', target: 'diary' };

  it('is raised for the take of this permit, by as much as it exceeds, and for nothing else', async () => {
    const { ask, answer, ada, take, folds } = await opened();
    expect((await ask({ ...note, cost: { usd: '1.5' } })).verdict).toBe('allow');
    const asked = await ask({ ...note, cost: { usd: '3' } });
    expect(asked).toMatchObject({ verdict: 'ask', approval: { team: 'treasury' } });
    const outcome = await answer(ada, approve(asked));
    expect(outcome).toMatchObject({ events: [{}, {}, { type: 'BudgetExtended', data: { amount: '2.5' } }] });

    expect((await ask({ ...note, cost: { usd: '0.6' } })).verdict).toBe('ask');
    expect(await take(asked.id, { ...note, cost: { usd: '3' } })).toMatchObject({
      next: 'act',
      budgets: [{ cap: '4.5', verdict: 'fits' }],
    });
    expect((await ask({ ...note, cost: { usd: '0.1' } })).verdict).toBe('ask');
    await folds();
  });

  it('refuses the take when others have spent it meanwhile, and keeps the permit', async () => {
    const { ask, answer, ada, take, view } = await opened();
    const asked = await ask({ ...note, cost: { usd: '3' } });
    await answer(ada, approve(asked));
    await ask({ ...note, cost: { usd: '1' } });
    expect(await take(asked.id, { ...note, cost: { usd: '3' } })).toMatchObject({
      verdict: 'block',
      reasons: [{ code: 'budget.exceeded', effect: 'block' }, {}],
    });
    expect(await view(asked.id)).toMatchObject({ next: 'take' });
  });
});

describe('a grant', () => {
  const terms = { pattern: 'shop.buy:books', when: null, uses: 2, maxUsd: '3' };

  it('lets what it covers pass as often and for as much as people said, and says so', async () => {
    const { ask, answer, ada, folds } = await opened();
    const asked = await ask();
    expect(await answer(ada, { ...approve(asked), ...grantOf(terms) })).toMatchObject({ outcome: 'accepted' });
    expect(await ask({ target: 'toys' })).toMatchObject({ verdict: 'ask' });
    expect(await ask({ cost: { usd: '3.1' } })).toMatchObject({ verdict: 'ask' });
    const allowed = await ask();
    expect(allowed).toMatchObject({ verdict: 'allow', next: 'act', reasons: [{ code: 'grant.used' }, {}] });
    expect(await ask()).toMatchObject({ verdict: 'allow' });
    expect(await ask({ cost: { usd: '0.5' } })).toMatchObject({ verdict: 'ask' });
    await folds();
  });

  it.each([
    ['when a rule it rests on changes', 'rule', asking.replace('expiresIn: 1h', 'expiresIn: 2h')],
    ['when a giver loses the right', 'giver', null],
    ['when a stop covers it', 'stop', null],
  ])('lapses %s, in the same transaction', async (_, why, document) => {
    const { ask, answer, ada, tell, folds } = await opened();
    const asked = await ask();
    await answer(ada, { ...approve(asked), ...grantOf(terms) });
    const stopId = `stp_${randomUUID().replaceAll('-', '')}`;
    const scope = { kind: 'intent', pattern: 'shop.*:b*', team: null };
    if (document) await tell({ type: 'PublishPolicy', document, note: '' });
    else if (why === 'giver') await tell({ type: 'RemoveMember', memberId: ada.memberId, reason: '' });
    else {
      await tell({ type: 'PlaceStop', stopId, scope, reason: '' } as never);
      await tell({ type: 'LiftStop', stopId } as never);
    }
    expect(await ask()).toMatchObject({ verdict: 'ask' });
    expect(await folds()).toContain('GrantLapsed');
  });
});

describe('the sweep', () => {
  it('records what time has brought about, and nothing twice', async () => {
    const { ask, folds, view } = await opened(asking.replace('expiresIn: 1h', 'expiresIn: 1m'));
    const { id } = await ask();
    const sweeper = new SweepApprovals(api.pools.commands, api.transactions);
    await sweeper.sweep();
    expect(await folds()).not.toContain('ApprovalReminded');
    expect(await view(id)).toMatchObject({ next: 'wait' });
  });
});
