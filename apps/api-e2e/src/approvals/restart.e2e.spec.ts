import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Operator, type HttpAnswer, type HttpClient } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrangeApprover, type Approver, type AskedAnswer } from '../support/approver.ts';
import { expectStateAgrees } from '../support/evidence.ts';
import { mug } from '../support/policies.ts';
import { startRelay, type Relay } from '../support/relay.ts';
import { openShop, type Shop } from './permits.fixture.ts';

let shop: Shop;
/** Agents keep one address; what is behind it goes and comes back. */
let relay: Relay;
let agent: HttpClient;
let grace: Approver;
let url: string;

beforeAll(async () => {
  shop = await openShop(1);
  url = shop.system.apis[0]?.url ?? '';
  relay = await startRelay({ target: () => url });
  agent = shop.clientsAt(relay.url)[0] as HttpClient;
  const wish = { name: 'grace', team: 'treasury', url: relay.url };
  grace = await arrangeApprover(shop.system, shop.organization, wish);
}, 180_000);
afterAll(async () => {
  grace.close();
  await relay.close();
  await shop.close();
});

interface Seen extends AskedAnswer {
  readonly id: string;
  readonly state: string;
  readonly next: string;
  readonly approval: AskedAnswer['approval'] & { readonly expiresAt: string; readonly permitExpiresAt: string | null };
}

const seenIn = (answer: HttpAnswer) => answer.body as Seen;
const look = async (id: string) => seenIn(await agent.get(`/v1/decisions/${id}`));

const actions = new Map<string, object>();
async function ask(intent: string = mug.intent): Promise<Seen> {
  const action = { requestId: randomUUID(), ...mug, intent, target: `mug-${randomUUID()}` };
  const asked = seenIn(await agent.post('/v1/decisions', action));
  actions.set(asked.id, action);
  return asked;
}

/** Polls until it need not wait any more, as an agent does that survives faults. */
async function waitThrough(id: string): Promise<{ readonly seen: Seen; readonly reconnected: number }> {
  for (let reconnected = 0; ;) {
    const answer = await agent.get(`/v1/decisions/${id}?wait=20`).catch(() => null);
    if (answer?.status === 200 && seenIn(answer).next !== 'wait') return { seen: seenIn(answer), reconnected };
    if (answer?.status !== 200) reconnected += 1;
    await pause(50);
  }
}

async function restartEverything(): Promise<void> {
  await Promise.all(shop.system.apis.map((api) => api.kill()));
  await shop.system.database.killAndRestart();
  ({ url } = await shop.system.addApi());
}

describe('everything is killed and started again while approvals wait', () => {
  it('I5: deadlines stay as they were, and a waiting agent that reconnects gets its answer', async () => {
    const [waited, other] = [await ask(), await ask()];
    const waiting = waitThrough(waited.id);
    await pause(300);
    await restartEverything();

    const kept = await look(other.id);
    expect(kept).toMatchObject({ state: 'pending', next: 'wait', approval: { expiresAt: other.approval.expiresAt } });
    expect(await grace.approve(waited)).toBe('approved');
    const { seen, reconnected } = await waiting;
    expect(seen).toMatchObject({ id: waited.id, state: 'approved', next: 'take' });
    expect(reconnected).toBeGreaterThan(0);

    const taking = { takeId: randomUUID(), action: actions.get(waited.id) };
    expect(seenIn(await agent.post(`/v1/decisions/${waited.id}/take`, taking))).toMatchObject({ next: 'act' });
    await restartEverything();
    // The permit stays taken: its own take is told so again, and no other one.
    expect(seenIn(await agent.post(`/v1/decisions/${waited.id}/take`, taking))).toMatchObject({ next: 'act' });
    const another = await agent.post(`/v1/decisions/${waited.id}/take`, { ...taking, takeId: randomUUID() });
    expect(another.body).toMatchObject({ code: 'permit.taken' });
  }, 180_000);

  it('I5: a permit that ran out while nothing ran is over', async () => {
    const asked = await ask('shop.rush');
    expect(await grace.approve(asked)).toBe('approved');
    const { permitExpiresAt } = (await look(asked.id)).approval;
    await restartEverything();
    await pause(Math.max(0, Date.parse(String(permitExpiresAt)) - Date.now()) + 50);

    expect(await look(asked.id)).toMatchObject({ state: 'expired', next: 'stop', approval: { permitExpiresAt } });
    const taking = { takeId: randomUUID(), action: actions.get(asked.id) };
    expect((await agent.post(`/v1/decisions/${asked.id}/take`, taking)).body).toMatchObject({ code: 'permit.lapsed' });
    const operator = new Operator(url, shop.system.operatorToken);
    await expectStateAgrees({ ...shop.system, operator }, shop.organization);
    operator.close();
  }, 180_000);
});
