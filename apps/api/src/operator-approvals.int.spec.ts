import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approving, openAsking, type Asking } from './approvals.fixture.ts';
import { at, openOperator, type Operated } from './operator.fixture.ts';

let operated: Operated;
let acme: Asking;
beforeAll(async () => {
  operated = await openOperator();
  acme = await openAsking(operated, 'acme');
}, 120_000);
afterAll(() => operated.close());

const get = (route: string) => operated.call('GET', at('acme', `/approvals${route}`));

describe("approvals on the operator's surface", () => {
  it('are looked at: what waits first, and one with all that was said', async () => {
    const { ask, person, of, tell } = acme;
    const ada = await person('ada', of('treasury'));
    const action = { intent: 'refund.issue', args: { amount: 12 }, reason: 'broken', cost: { usd: '1' } };
    const later = await ask({ ...action, target: 'order-1' });
    const waits = await ask({ ...action, target: 'order-2' });
    await tell(ada, 'decideApproval', approving(later, { reason: 'fine' }));
    await tell(ada, 'commentOnApproval', { approvalId: waits.approvalId, text: 'Tomorrow.' });
    expect((await get('?order=deadline')).body).toMatchObject({
      approvals: [
        {
          ...{ id: waits.approvalId, state: 'pending', intent: 'refund.issue', target: 'order-2', approvedBy: [] },
          ...{ agent: { name: 'clerk' }, requirements: [{ teams: ['treasury'], quorum: 1 }] },
        },
      ],
    });
    expect((await get('?state=approved')).body).toMatchObject({ approvals: [{ settledBy: ada.memberId }] });
    expect((await get(`/${later.approvalId}`)).body).toMatchObject({
      ...{ state: 'approved', isEdited: false, action: { args: { amount: 12 }, reason: 'broken' } },
      votes: [{ by: ada.memberId, verdict: 'approve', reason: 'fine', isStanding: true }],
    });
    expect((await get(`/${waits.approvalId}`)).body).toMatchObject({ comments: [{ text: 'Tomorrow.' }] });
  });

  it.each([
    ['?state=open', 400, 'request.invalid'],
    ['?limit=101', 400, 'request.invalid'],
    ['?order=deadline&state=denied', 400, 'request.invalid'],
    ['?more=1', 400, 'request.invalid'],
    [`/apr_${'0'.repeat(32)}`, 404, 'approvals.not_found'],
    ['/x', 404, 'approvals.not_found'],
  ])('refuses %s', async (route, status, code) => {
    const answer = await get(route);
    expect([answer.status, answer.body.code], answer.text).toEqual([status, code]);
  });

  it('are never decided there: a quorum counts people', async () => {
    const { approvalId, digest } = await acme.ask({ intent: 'contract.sign', target: 'contract-1' });
    const body = { type: 'DecideApproval', approvalId, digest, verdict: 'approve' };
    expect((await operated.command('acme', body)).body).toMatchObject({ status: 400, code: 'request.invalid' });
    expect((await get(`/${approvalId}`)).body).toMatchObject({ state: 'pending', votes: [] });
  });
});
