import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, openOperator, type Operated } from './operator.fixture.ts';
import { graph, joins, type Joined } from './people.fixture.ts';

let operated: Operated;
let key: string;
let approver: Joined;
let organizationId: string;
beforeAll(async () => {
  operated = await openOperator();
  key = (await operated.openOrganization('acme')).key;
  approver = await joins(operated, 'acme', {
    name: 'ada',
    role: 'member',
    teams: [{ team: 'treasury', role: 'approver' }],
  });
  organizationId = String((await operated.call('GET', at('acme'))).body['id']);
}, 60_000);
afterAll(() => operated.close());

const asked = async (target: string) => {
  const { body, text } = await operated.ask(key, { intent: 'refund.issue', target, args: { amount: 120 } });
  expect(body, text).toMatchObject({ verdict: 'ask' });
  const approvalId = (body['approval'] as { id: string }).id;
  return {
    id: String(body['id']),
    position: Number(body['position']),
    digest: String(body['actionDigest']),
    approvalId,
  };
};
const erase = async (position: number) => {
  const { status, body } = await operated.command('acme', {
    type: 'ErasePayloads',
    positions: [position],
    reason: 'asked to be forgotten',
  });
  return [status, body.code];
};

describe('what people judge by', () => {
  it('is not erased while the ask waits, and is once it is over', async () => {
    const { id, position } = await asked('waits');
    expect(await erase(position)).toEqual([422, 'ledger.erase_open_approval']);
    expect((await operated.call('POST', `/v1/decisions/${id}/cancel`, { as: key, body: {} })).status).toBe(200);
    expect(await erase(position)).toEqual([200, undefined]);
  });

  it('is not erased while a permit for it may still be taken', async () => {
    const { position, digest, approvalId } = await asked('approved');
    const input = { organizationId, approvalId, verdict: 'approve', digest: digest.slice('sha256:'.length) };
    const { text } = await graph(operated, approver.token, {
      query: 'mutation ($i: DecideApprovalInput!) { decideApproval(input: $i) { __typename } }',
      variables: { i: input },
    });
    expect(text).toContain('"ApprovalDone"');
    expect(await erase(position)).toEqual([422, 'ledger.erase_open_approval']);
  });
});
