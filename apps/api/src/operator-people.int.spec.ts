import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, openOperator, type Operated } from './operator.fixture.ts';

let operated: Operated;
let key: string;
beforeAll(async () => {
  operated = await openOperator();
  ({ key } = await operated.openOrganization('acme'));
});
afterAll(() => operated.close());

interface Stops {
  readonly stops: readonly {
    readonly id: string;
    readonly scopeName: string;
    readonly position: number;
    readonly lastAllowed: { readonly position: number; readonly decisionId: string } | null;
  }[];
}

const stops = async () => (await operated.call('GET', at('acme', '/stops'))).body as unknown as Stops;
const stop = (scope: object) => operated.command('acme', { type: 'PlaceStop', scope, reason: 'strange refunds' });
const buy = () => operated.ask(key, { intent: 'shop.buy', target: 'mug' });
const buyCup = () => operated.ask(key, { intent: 'shop.buy', target: 'cup' });

describe('stopping', () => {
  it('blocks at once, tells the last allow before it in its scope, and is lifted', async () => {
    const bought = await buy();
    expect(bought.body).toMatchObject({ verdict: 'allow' });
    const cup = await buyCup();
    expect((await stop({ kind: 'intent', pattern: 'shop.*:mug' })).status).toBe(200);
    expect((await stop({ kind: 'agent', agent: 'buyer' })).status).toBe(200);
    const { body } = await buy();
    expect(body).toMatchObject({ verdict: 'block' });
    expect((body['reasons'] as { code: string }[])[0]?.code).toBe('stop.active');

    const [ofAgent, ofPattern] = (await stops()).stops;
    expect(ofAgent).toMatchObject({ scopeName: 'agent buyer', lastAllowed: { decisionId: cup.body['id'] } });
    expect(ofPattern).toMatchObject({ scopeName: 'intent shop.*:mug', lastAllowed: { decisionId: bought.body['id'] } });
    expect(ofPattern?.lastAllowed?.position).toBe(bought.body['position']);
    expect(ofPattern?.position).toBeGreaterThan(cup.body['position'] as number);

    for (const { id } of (await stops()).stops)
      expect((await operated.command('acme', { type: 'LiftStop', stopId: id })).status).toBe(200);
    expect((await stops()).stops).toEqual([]);
    expect((await buy()).body).toMatchObject({ verdict: 'allow' });
  });

  it('says what there is not', async () => {
    expect((await stop({ kind: 'agent', agent: 'nobody' })).body).toMatchObject({ code: 'stops.agent_not_found' });
    expect((await stop({ kind: 'intent', pattern: '' })).status).toBe(400);
    expect((await stop({})).status).toBe(400);
  });
});

describe('inviting', () => {
  const invite = (email: string, delivery?: string, more: object = {}) =>
    operated.call('POST', at('acme', `/commands${delivery === undefined ? '' : `?delivery=${delivery}`}`), {
      body: { type: 'InviteMember', email, role: 'member', ...more },
    });

  it('answers the link to an operator who asks for it, and its token nowhere else', async () => {
    const { status, body, text } = await invite('Ada@Example.com', 'link', {
      teams: [{ team: 'treasury', role: 'lead' }],
    });
    expect(status).toBe(200);
    const token = /#token=(csi_\S{43})$/.exec(String(body['link']))?.[1] ?? '';
    expect(token).not.toBe('');
    expect(text.split(token)).toHaveLength(2);

    const open = await operated.call('GET', at('acme', '/invitations'));
    expect(open.body).toMatchObject({
      invitations: [{ email: 'ada@example.com', role: 'member', teams: [{ role: 'lead' }], invitedBy: null }],
    });
    expect(open.text).not.toContain(token);
    const events = await operated.call('GET', at('acme', '/events?limit=1000'));
    expect(events.text).toContain('MemberInvited');
    expect(events.text).not.toContain(token);
  });

  it('mails by itself, and then answers no link', async () => {
    const { body } = await invite('grace@example.com');
    expect(body).not.toHaveProperty('link');
    expect(body['warnings']).toEqual([]);
  });

  it('refuses what is no way to deliver, and what is no address', async () => {
    expect((await invite('linus@example.com', 'pigeon')).status).toBe(400);
    expect((await invite('nobody')).status).toBe(400);
  });

  it('can be taken back', async () => {
    await invite('linus@example.com');
    const { body } = await operated.call('GET', at('acme', '/invitations'));
    const invitations = body['invitations'] as unknown as { id: string; email: string }[];
    const found = invitations.find(({ email }) => email === 'linus@example.com');
    await operated.command('acme', { type: 'RevokeInvitation', invitationId: found?.id });
    expect((await operated.call('GET', at('acme', '/invitations'))).text).not.toContain('linus');
  });
});
