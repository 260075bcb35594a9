import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { settle, stageNotices, until } from './notices-stage.fixture.ts';
import { isGenuine, organizationIdOf } from './notices.fixture.ts';
import { at } from './operator.fixture.ts';

const { api, working, looking, opened, runAs } = stageNotices();

describe('an ask', () => {
  it('is told to the endpoint, signed so that the library of the standard verifies it, and by mail to who decides', async () => {
    const worker = await working();
    const { receiver, ask, ada, grace, secret } = await opened();
    const asked = await ask();
    await until(worker, () => receiver.of('approval.opened').length > 0 && worker.mails.length > 0);

    const [received] = receiver.of('approval.opened');
    expect(received && isGenuine(received, secret)).toBe(true);
    expect(received && isGenuine(received, `whsec_${Buffer.alloc(32).toString('base64')}`)).toBe(false);
    expect(received && isGenuine({ ...received, text: received.text.replace('order-1', 'order-2') }, secret)).toBe(
      false,
    );
    expect(received?.data).toMatchObject({
      intent: 'refund.issue',
      target: 'order-1',
      agent: 'buyer',
      teams: ['treasury'],
      decisionId: asked.body['id'],
    });
    const mails = worker.mails.filter(({ subject }) => subject.includes('To decide'));
    expect(mails.map(({ to }) => to)).toEqual([ada.email]);
    expect(mails[0]?.text).toContain('https://console.example/approvals/apr_');
    expect(grace.email).not.toBe(ada.email);
  });

  it('is not mailed to who turned that off, and its end is told too', async () => {
    const worker = await working();
    const { name, ada, ask, receiver } = await opened();
    const organizationId = await organizationIdOf(api(), name);
    const chosen = await runAs(
      ada,
      `mutation ($o: ID!) { chooseNotices(input: { organizationId: $o, on: [], off: ["approval.opened"] }) {
        ... on CommandDone { position } ... on Refusal { code } } }`,
      { o: organizationId },
    );
    expect(chosen.codes, chosen.text).toEqual([]);
    const shown = await runAs(ada, `query ($o: ID!) { organization(id: $o) { notices { kind isMailed } } }`, {
      o: organizationId,
    });
    expect(shown.text).toContain('{"kind":"approval.opened","isMailed":false}');
    const { body } = await ask();
    await api().call('POST', `/v1/decisions/${String(body['id'])}/cancel`, { as: await keyOf(name), body: {} });
    await until(worker, () => receiver.of('approval.settled').length > 0);
    await settle(worker);
    expect(worker.mails.map(({ subject }) => subject)).toEqual([
      `[${name}] Settled (cancelled): refund.issue by buyer`,
    ]);
  });
});

/** Any key of the agent will do. */
async function keyOf(organization: string): Promise<string> {
  const { body } = await api().command(organization, { type: 'IssueAgentKey', agent: 'buyer' });
  return String(body['key']);
}

describe('a receiver', () => {
  it('that fails is tried again, with the same id, and the log says so', async () => {
    const worker = await working();
    const { name, receiver, ask, grace, endpointId } = await opened(['approval.opened']);
    receiver.answer = () => (receiver.all.length === 1 ? 500 : 204);
    await ask();
    await until(worker, () => receiver.all.length === 2);
    expect(new Set(receiver.all.map(({ id }) => id)).size).toBe(1);
    await settle(worker);
    const log = await runAs(
      grace,
      `query ($o: ID!) { organization(id: $o) { endpoints(first: 5) { edges { node { id status secretsInForce
         deliveries(first: 10) { edges { node { id kind status attempts answered error dueAt } } } } } } } }`,
      { o: await organizationIdOf(api(), name) },
    );
    const [edge] = (log.data as unknown as Logged).organization.endpoints.edges;
    expect(edge?.node).toMatchObject({ id: endpointId, status: 'enabled', secretsInForce: 1 });
    expect(edge?.node.deliveries.edges.map(({ node }) => node)).toEqual([
      {
        id: receiver.all[0]?.id,
        kind: 'approval.opened',
        status: 'delivered',
        attempts: 2,
        answered: 204,
        error: null,
        dueAt: null,
      },
    ]);
  });

  it('is verified by either secret while one is changed, and then by the new one alone', async () => {
    const worker = await working();
    const { name, receiver, ask, endpointId, secret } = await opened(['approval.opened']);
    const rotate = async (overlapHours: number) =>
      String((await api().command(name, { type: 'RotateEndpointSecret', endpointId, overlapHours })).body['secret']);
    const second = await rotate(24);
    await ask('order-1');
    await until(worker, () => receiver.all.length === 1);
    const [both] = receiver.all;
    expect(both && [secret, second].map((each) => isGenuine(both, each))).toEqual([true, true]);

    const third = await rotate(0);
    await ask('order-2');
    await until(worker, () => receiver.all.length === 2);
    const after = receiver.all[1];
    expect(after && [secret, second, third].map((each) => isGenuine(after, each))).toEqual([false, false, true]);
  });

  it('that never answers is disabled, its owners are told, and it is left alone until it is enabled', async () => {
    const worker = await working({ patience: { failures: 1, forMs: 0 } });
    const { name, receiver, ask, grace, endpointId } = await opened(['approval.opened']);
    receiver.answer = () => 500;
    await ask('order-1');
    await until(worker, () => worker.mails.some(({ subject }) => subject.includes('was disabled')));
    expect(worker.mails.find(({ subject }) => subject.includes('was disabled'))?.to).toBe(grace.email);
    await ask('order-2');
    await settle(worker);
    expect(receiver.all).toHaveLength(1);

    receiver.answer = () => 204;
    await api().command(name, { type: 'EnableEndpoint', endpointId });
    await ask('order-3');
    await until(worker, () => receiver.all.some(({ data }) => data['target'] === 'order-3'));
  });

  it('that says it is gone is believed', async () => {
    const worker = await working();
    const { name, receiver, ask } = await opened(['approval.opened']);
    receiver.answer = () => 410;
    await ask();
    await until(worker, () => worker.mails.some(({ subject }) => subject.includes('was disabled')));
    expect(worker.mails.find(({ subject }) => subject.includes('was disabled'))?.text).toContain('gone');
    // The endpoint's row is what its events say.
    const checked = await api().call('POST', at(name, '/state/check'), { body: {} });
    expect(checked.status, checked.text).toBe(200);
    expect(checked.text).toContain('"differences":[]');
  });

  it('on a private address is not reached unless that is allowed', async () => {
    const worker = await working({ isPrivateAllowed: false });
    const { receiver, ask, endpointId } = await opened(['approval.opened']);
    await ask();
    const sql = looking();
    const errorOf = async () =>
      (
        await sql<{ error: string | null }[]>`
        select error from notices.deliveries where recipient = ${endpointId}`
      )[0]?.error;
    for (let tries = 0; tries < 100 && !(await errorOf()); tries += 1) {
      await worker.notices.sweep();
      await pause(50);
    }
    expect(await errorOf()).toBe('address_refused');
    expect(receiver.all).toEqual([]);
  });
});

interface Logged {
  readonly organization: {
    readonly endpoints: {
      readonly edges: readonly {
        readonly node: { readonly deliveries: { readonly edges: readonly { readonly node: object }[] } };
      }[];
    };
  };
}

describe('what follows from time and money', () => {
  const policy = `apiVersion: countersign/v1
name: buyer
default: block
allow: [{ match: "shop.buy:*", holdFor: 1s }]
ask: [{ match: "refund.issue:*", approval: { team: treasury, expiresIn: 1m } }]
budgets: [{ name: all, scope: agent, match: "shop.*:*", unit: usd, window: total, cap: 10, warnAt: [0.5, 0.8] }]
`;

  it('a reminder and an expiry are told, the last to the agent’s owner', async () => {
    const worker = await working();
    const { name, ask, receiver, ada } = await opened();
    expect((await api().command(name, { type: 'PublishPolicy', document: policy })).text).toContain('PolicyPublished');
    await ask();
    await until(worker, () => receiver.of('approval.opened').length > 0);
    const swept = async () => {
      await worker.sweepApprovals.sweep();
      await settle(worker);
    };
    await pass(40_000);
    await swept();
    await pass(60_000);
    await swept();
    expect(receiver.all.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['approval.opened', 'approval.reminder', 'approval.settled', 'approval.expired']),
    );
    await settle(worker);
    // Nobody here is called what the profile calls the owner, so the lead hears of it.
    expect(worker.mails.filter(({ subject }) => subject.includes('Expired')).map(({ to }) => to)).toEqual([ada.email]);
  });

  /** The clock is Postgres' own, so what waits is moved back instead. */
  async function pass(milliseconds: number): Promise<void> {
    const sql = looking();
    await sql`
      update enforcement.approvals set due_at = due_at - ${milliseconds}::bigint,
        details = (details::jsonb || jsonb_build_object(
          'openedAt', (details::jsonb ->> 'openedAt')::bigint - ${milliseconds}::bigint,
          'expiresAt', (details::jsonb ->> 'expiresAt')::bigint - ${milliseconds}::bigint))::text
       where status = 'pending'`;
  }

  it('a budget warns once at each share, and of what was never reported', async () => {
    const worker = await working();
    const { name, key, receiver } = await opened(['budget.warning', 'budget.unreported']);
    expect((await api().command(name, { type: 'PublishPolicy', document: policy })).text).toContain('PolicyPublished');
    const buy = (usd: string) => api().ask(key, { intent: 'shop.buy', target: 'books', cost: { usd } });
    for (const usd of ['4', '1', '1', '2', '0.5']) expect((await buy(usd)).body).toMatchObject({ verdict: 'allow' });
    await settle(worker);
    expect(
      receiver
        .of('budget.warning')
        .map(({ data }) => [data['share'], data['used'], data['cap']])
        .sort(),
    ).toEqual([
      [0.5, '5', '10'],
      [0.8, '8', '10'],
    ]);

    await pause(1_100);
    await worker.expireHolds.sweep();
    await until(worker, () => receiver.of('budget.unreported').length > 0);
    await settle(worker);
    expect(receiver.of('budget.unreported')).toHaveLength(1);
    expect(receiver.of('budget.unreported')[0]?.data).toMatchObject({ budget: 'all', cap: '10' });
  });

  it('the day’s checkpoint goes to who asked for it, once', async () => {
    const worker = await working();
    const { name, receiver, grace } = await opened(['checkpoint.daily']);
    const organizationId = await organizationIdOf(api(), name);
    await runAs(
      grace,
      `mutation ($o: ID!) { chooseNotices(input: { organizationId: $o, on: ["checkpoint.daily"], off: [] }) {
        ... on CommandDone { position } } }`,
      { o: organizationId },
    );
    await until(worker, () => worker.mails.length > 0 && receiver.all.length > 0);
    await settle(worker);
    // Whoever looks again on the same day finds it told.
    const sql = looking();
    await sql`update notices.followed set checkpoint_day = '' where organization_id = ${organizationId}::text::uuid`;
    await settle(worker);
    expect(receiver.all).toHaveLength(1);
    const { checkpoint, size } = receiver.all.at(-1)?.data ?? {};
    expect(String(checkpoint)).toMatch(new RegExp(`^ledger\\.example/${organizationId}\n${String(size)}\n`));
    expect(worker.mails.map(({ to }) => to)).toEqual([grace.email]);
    expect(worker.mails[0]?.text).toContain(String(checkpoint).split('\n')[2]);
  });
});
