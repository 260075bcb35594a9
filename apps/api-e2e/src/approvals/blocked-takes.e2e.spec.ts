import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inParallel } from '../support/caller.ts';
import { expectStateAgrees } from '../support/evidence.ts';
import { peopleBuy } from '../support/policies.ts';
import { recordedLedger, type LedgerRow } from '../support/recorded-ledger.ts';
import { codeOf, nextOf, openShop, take, type Shop } from './permits.fixture.ts';

const ROUNDS = 20;
const PERMITS = 20;
const blocking = peopleBuy.replace('ask:', 'block: ["shop.buy:*"]\nask:');

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(10);
}, 180_000);
afterAll(() => shop.close());

/** Every take that was allowed while the version in force blocks it, by a reading of the ledger that knows no code. */
function takenWhileBlocked(rows: readonly LedgerRow[]): readonly number[] {
  let isBlocked = false;
  return rows
    .filter(({ type, payload }) => {
      if (type === 'PolicyPublished') isBlocked = JSON.stringify(payload).includes('block: [');
      return type === 'TakeDecided' && payload.verdict === 'allow' && isBlocked;
    })
    .map(({ position }) => position);
}

/** How many were taken before a version that blocks them was published; the others are void for good. */
async function round(number: number): Promise<number> {
  const permits = await inParallel(PERMITS, 16, shop.approvedPermit);
  const taking = permits.map(async (permit, index) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
    return take(permit, shop.client(index, permit.agent));
  });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
  await shop.command({ type: 'PublishPolicy', document: blocking });
  const first = (await Promise.all(taking)).map(nextOf);
  await shop.command({ type: 'PublishPolicy', document: `${peopleBuy}# ${number}\n` });

  const second = await Promise.all(permits.map((permit, index) => take(permit, shop.client(index, permit.agent))));
  expect(second.map(codeOf)).toEqual(first.map((next) => (next === 'act' ? 'permit.taken' : 'permit.lapsed')));
  return first.filter((next) => next === 'act').length;
}

describe('permits that are being taken while a version that blocks them is published', () => {
  it('I5: none is taken at a later position, and those that it refused are void', async () => {
    let before = 0;
    for (let number = 0; number < ROUNDS; number += 1) before += await round(number);

    expect(takenWhileBlocked(await recordedLedger(shop.system, shop.organization))).toEqual([]);
    const refused = ROUNDS * PERMITS - before;
    // Both sides of the race were seen, or nothing was shown.
    expect(Math.min(before, refused)).toBeGreaterThan(0);
    console.log(`${ROUNDS} blocking versions among takes: ${before} taken before, ${refused} refused, 0 in between`);
    await expectStateAgrees(shop.system, shop.organization);
  }, 120_000);
});
