import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connectPostgres } from '@countersign/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, openOperator, policy, type Operated } from './operator.fixture.ts';

let operated: Operated;
const call: Operated['call'] = (...request) => operated.call(...request);
const command: Operated['command'] = (...request) => operated.command(...request);
const ask: Operated['ask'] = (...request) => operated.ask(...request);

beforeAll(async () => {
  operated = await openOperator();
});
afterAll(() => operated?.close());

/** Every route of the surface, for a real organization `{org}`, an agent's decision `{id}` and a policy. */
const routes: readonly (readonly [string, string])[] = [
  ['GET', '/operator/organizations'],
  ['POST', '/operator/organizations'],
  ['GET', at('{org}')],
  ['POST', at('{org}', '/commands')],
  ['GET', at('{org}', '/agents')],
  ['GET', at('{org}', '/policies')],
  ['GET', at('{org}', '/policies/buyer')],
  ['GET', at('{org}', '/policies/buyer/versions')],
  ['GET', at('{org}', '/budgets')],
  ['GET', at('{org}', '/holds')],
  ['GET', at('{org}', '/decisions')],
  ['GET', at('{org}', '/decisions/{id}')],
  ['GET', at('{org}', '/decisions/{id}/receipt')],
  ['GET', at('{org}', '/events')],
  ['GET', at('{org}', '/ledger/export')],
  ['GET', at('{org}', '/ledger/checkpoint')],
  ['GET', at('{org}', '/ledger/keys')],
  ['POST', at('{org}', '/state/check')],
];

describe('the operator surface, route by route', () => {
  let key: string;
  let decision: string;
  const fill = (route: string, org = 'gate') => route.replace('{org}', org).replace('{id}', decision);
  const send = (method: string, route: string, as: string) =>
    call(method, route, { as, ...(method === 'POST' && { body: { type: 'CreateTeam', name: 'intruders' } }) });

  beforeAll(async () => {
    ({ key } = await operated.openOrganization('gate'));
    decision = (await ask(key, { intent: 'shop.buy' })).body['id'] as string;
    await operated.openOrganization('other');
  });

  it.each(routes)('%s %s lets nobody in without a valid token, whatever it looks like', async (method, route) => {
    const wrong = `cso_${randomBytes(32).toString('base64url')}`;
    const { token } = operated;
    for (const as of ['', 'nonsense', wrong, `${token}x`, token.slice(0, -1)]) {
      const answer = await send(method, fill(route), as);
      expect([answer.status, answer.type, answer.body.code]).toEqual([
        401,
        expect.stringContaining('application/problem+json'),
        'operator.unauthenticated',
      ]);
    }
  });

  it.each(routes)('I4: %s %s refuses an agent key', async (method, route) => {
    const answer = await send(method, fill(route), key);
    expect([answer.status, answer.body.code]).toEqual([403, 'operator.agent_refused']);
  });

  it('I4: what agents tried stands in their organization’s ledger, once per operation and minute', async () => {
    for (let index = 0; index < 3; index += 1) await send('POST', fill(at('{org}', '/commands')), key);
    const { body } = await call('GET', at('gate', '/events?limit=1000'));
    const attempts = (body['events'] as { type: string; payload: { operation: string; minute: number } }[]).filter(
      ({ type }) => type === 'AgentAttemptRefused',
    );
    // Told by operation and minute, for the minute may have ended meanwhile.
    const told = attempts.map(({ payload: { operation, minute } }) => `${operation} ${minute}`);
    expect(new Set(told).size).toBe(told.length);
    const operations = new Set(attempts.map(({ payload }) => payload.operation));
    expect(operations).toContain('POST /operator/organizations/:organization/commands');
    expect(operations.size).toBe(routes.length);
  });

  it('a key that no organization knows is refused alike, and recorded nowhere', async () => {
    const before = (await call('GET', at('gate'))).body['position'];
    const answer = await send('GET', fill(at('{org}')), `csk_${randomBytes(32).toString('base64url')}`);
    expect([answer.status, answer.body.code]).toEqual([403, 'operator.agent_refused']);
    expect((await call('GET', at('gate'))).body['position']).toBe(before);
  });

  it.each(routes.filter(([, route]) => route.includes('{org}')))(
    '%s %s says of an unknown organization only that it is not there',
    async (method, route) => {
      for (const org of ['nowhere', randomUUID(), '..%2Fgate']) {
        const answer = await send(method, fill(route, org), operated.token);
        expect([answer.status, answer.body.code]).toEqual([404, 'operator.organization_not_found']);
      }
    },
  );

  it('I7: one organization’s decision does not exist in another', async () => {
    for (const suffix of ['', '/receipt']) {
      const answer = await call('GET', at('other', `/decisions/${decision}${suffix}`));
      expect([answer.status, answer.body.code]).toEqual([404, 'decisions.not_found']);
    }
  });

  it('a revoked token is refused with the next request, a waiting one at its next news', async () => {
    const { token: shortLived, tokenId } = await operated.tokens.issue('grace');
    const { body } = await call('GET', at('gate', '/decisions'), { as: shortLived });
    const waiting = call('GET', at('gate', `/decisions?after=${body['last']}&wait=20`), { as: shortLived });
    // Long enough that the request was let in and waits.
    await pause(500);
    await operated.tokens.revoke(tokenId);
    expect((await call('GET', '/operator/organizations', { as: shortLived })).status).toBe(401);
    await ask(key, { intent: 'shop.buy' });
    expect((await waiting).status).toBe(401);
  });

  it('I13: no token is kept or recorded, only its hash', async () => {
    const { body } = await call('GET', at('gate', '/events?limit=1000'));
    const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
    const sql = connectPostgres(operated.database.appUrl, { connections: 1, applicationName: 'spec', limits });
    const rows = await sql`select hash from identity.operator_tokens`;
    await sql.end({ timeout: 1 });
    expect(JSON.stringify(body)).not.toMatch(/cso_|csk_[A-Za-z0-9_-]{20}/);
    expect(rows.length > 0 && rows.every(({ hash }) => (hash as Uint8Array).length === 32)).toBe(true);
  });
});

describe('commands', () => {
  beforeAll(() => operated.openOrganization('commands'));

  it('a second organization of one name is refused', async () => {
    const answer = await call('POST', '/operator/organizations', { body: { name: 'commands' } });
    expect([answer.status, answer.body.code]).toEqual([409, 'identity.organization_exists']);
  });

  it.each([
    [{}, 'type'],
    [{ type: 'BuyIsland' }, 'type'],
    [{ type: 'CreateTeam', name: 'Not A Name' }, 'name'],
    [{ type: 'CreateTeam', name: 'fine', colour: 'red' }, 'colour'],
    [{ type: 'IssueAgentKey', agent: 'buyer', expiresat: '2030-01-01T00:00:00Z' }, 'expiresat'],
    [{ type: 'IssueAgentKey', agent: 'buyer', expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ type: 'RegisterAgent', name: 'x', team: 'treasury', profile: { inServiceFrom: 5 } }, 'profile.inServiceFrom'],
    [{ type: 'ErasePayloads', positions: [-1], reason: 'x' }, 'positions[0]'],
    [{ type: 'ErasePayloads', positions: [1], reason: '' }, 'reason'],
    [{ type: 'CorrectHold', decisionId: '../x', cost: { usd: '1' }, reason: 'x' }, 'decisionId'],
    [{ type: 'ChangeTimeZone', timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ type: 'ChangeTimeZone', timeZone: 'PST' }, 'timeZone'],
    ['{"type":"CreateTeam","name":"a","name":"b"}', 'name'],
    ['{"type":', 'type'],
    ['[1]', '(body)'],
  ])('%j is refused by the name of what is wrong', async (body, field) => {
    const before = (await call('GET', at('commands'))).body['position'];
    const answer = await call('POST', at('commands', '/commands'), { body });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { field: string }[]).map((error) => error.field)).toContain(field);
    expect((await call('GET', at('commands'))).body['position']).toBe(before);
  });

  it.each([
    [{ type: 'RegisterAgent', name: 'buyer', team: 'treasury' }, 409, 'agents.name_taken'],
    [{ type: 'RegisterAgent', name: 'seller', team: 'nowhere' }, 404, 'agents.team_not_found'],
    [{ type: 'IssueAgentKey', agent: 'nobody' }, 404, 'agents.not_found'],
    [{ type: 'IssueAgentKey', agent: 'buyer', expiresAt: '2001-01-01T00:00:00Z' }, 422, 'agents.key_already_expired'],
    [{ type: 'RevokeAgentKey', keyId: 'key_none' }, 404, 'agents.key_not_found'],
    [{ type: 'CreateTeam', name: 'treasury' }, 409, 'identity.team_exists'],
    [{ type: 'AttachPolicy', name: 'none', layer: 'agent', point: 'buyer' }, 404, 'policies.not_found'],
    [{ type: 'AttachPolicy', name: 'buyer', layer: 'team', point: 'nowhere' }, 404, 'policies.point_not_found'],
    [{ type: 'PublishPolicy', document: policy, expectedVersion: 7 }, 409, 'policies.version_conflict'],
    [{ type: 'PublishPolicy', document: 'name: [' }, 422, 'policies.invalid'],
    [{ type: 'ErasePayloads', positions: [99_999], reason: 'x' }, 422, 'ledger.erase_unknown'],
    [{ type: 'ErasePayloads', positions: [0], reason: 'x' }, 422, 'ledger.erase_own_event'],
    [{ type: 'ErasePayloads', positions: [1], reason: 'x' }, 422, 'ledger.erase_configuration'],
    [
      { type: 'CorrectHold', decisionId: `dec_${'0'.repeat(32)}`, cost: { usd: '1' }, reason: 'x' },
      404,
      'holds.not_found',
    ],
  ])('%j is a refusal with its own code', async (body, status, code) => {
    const answer = await command('commands', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail.length).toBeGreaterThan(20);
  });

  it('publishing what is in force publishes nothing, and warns of teams that do not exist', async () => {
    const again = await command('commands', { type: 'PublishPolicy', document: policy });
    expect(again.body).toMatchObject({ position: null, events: [] });
    const document = policy.replace('name: buyer', 'name: unanswered').replace('team: treasury', 'team: ghosts');
    const { body } = await command('commands', { type: 'PublishPolicy', document });
    expect(
      (body['warnings'] as { code: string; line: number }[]).filter(({ code }) => code === 'policy.unknown_team'),
    ).toMatchObject([{ line: 5 }]);
  });
});
