import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpClient } from '@countersign/harness';
import { inParallel } from '../support/caller.ts';
import { expectStateAgrees } from '../support/evidence.ts';
import { firstGap, recordedLedger } from '../support/recorded-ledger.ts';
import { startRelay, type Relay } from '../support/relay.ts';
import { codeOf, nextOf, openShop, take, type Permit, type Shop, type TakeAnswer } from './permits.fixture.ts';

const PERMITS = 1_000;
const AGENTS = 50;
const CLIENTS = 4;

let shop: Shop;
let relay: Relay;
/** By agent, through a wire that loses every permission. */
let losing: readonly HttpClient[];

beforeAll(async () => {
  shop = await openShop(AGENTS);
  const target = () => shop.system.apis[0]?.url ?? '';
  relay = await startRelay({ target, loses: (body) => body.includes('"next":"act"') });
  losing = shop.clientsAt(relay.url);
}, 180_000);
afterAll(async () => {
  await relay.close();
  await shop.close();
});

/** Four at once at two processes; every third race is run where the winner never hears that it won. */
async function race(permit: Permit, index: number): Promise<{ readonly winner: string; readonly wasLost: boolean }> {
  const wasLost = index % 3 === 0;
  const runners = Array.from({ length: CLIENTS }, (_, runner) =>
    wasLost ? (losing[permit.agent] as HttpClient) : shop.client(runner, permit.agent),
  );
  const answers = await Promise.all(runners.map((client) => take(permit, client)));
  const refused = answers.filter(({ answer }) => answer?.status === 409);
  expect(refused.map(codeOf)).toEqual(Array.from({ length: CLIENTS - 1 }, () => 'permit.taken'));

  const [won] = answers.filter((each) => !refused.includes(each)) as [TakeAnswer];
  expect(nextOf(won)).toBe(wasLost ? undefined : 'act');
  // Its own take id has the same answer, at any process, however it was lost; nobody else's has.
  expect(nextOf(await take(permit, shop.client(index, permit.agent), won.takeId))).toBe('act');
  expect(codeOf(await take(permit, shop.client(index + 1, permit.agent)))).toBe('permit.taken');
  return { winner: won.takeId, wasLost };
}

describe('1,000 permits, each taken at once by four clients of two api processes', () => {
  it('I5: exactly 1,000 are taken, and whose answer was lost gets it by the same take id', async () => {
    const permits = await inParallel(PERMITS, 16, shop.approvedPermit);
    const races = await inParallel(PERMITS, 16, (index) => race(permits[index] as Permit, index));

    const rows = await recordedLedger(shop.system, shop.organization);
    expect(firstGap(rows)).toBeNull();
    const taken = rows.filter(({ type, payload }) => type === 'TakeDecided' && payload.verdict === 'allow');
    expect(taken).toHaveLength(PERMITS);
    expect(new Set(taken.map(({ payload }) => payload.decisionId)).size).toBe(PERMITS);
    const winners = taken.map(({ payload }) => (payload as { takeId?: string }).takeId);
    expect(new Set(winners)).toEqual(new Set(races.map(({ winner }) => winner)));

    const lost = races.filter(({ wasLost }) => wasLost).length;
    expect(relay.lost()).toBe(lost);
    console.log(
      `${PERMITS} permits, ${PERMITS * CLIENTS} takes at once: ${taken.length} taken, ${lost} answers lost and had again`,
    );
    await expectStateAgrees(shop.system, shop.organization);
  }, 180_000);
});
