import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inParallel } from '../support/caller.ts';
import { expectStateAgrees } from '../support/evidence.ts';
import { recordedLedger, type LedgerRow } from '../support/recorded-ledger.ts';
import { nextOf, openShop, take, type Shop } from './permits.fixture.ts';

const ROUNDS = 10;
const PERMITS = 40;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(10);
}, 180_000);
afterAll(() => shop.close());

/** Every take in an organization while it was stopped, by a reading of the ledger that knows no code. */
function takenUnderStop(rows: readonly LedgerRow[]): readonly number[] {
  const inForce = new Set<string | undefined>();
  return rows
    .filter(({ type, payload }) => {
      const { stopId } = payload as { stopId?: string };
      if (type === 'StopPlaced') inForce.add(stopId);
      if (type === 'StopLifted') inForce.delete(stopId);
      return type === 'TakeDecided' && payload.verdict === 'allow' && inForce.size > 0;
    })
    .map(({ position }) => position);
}

/** How many were taken before the stop; the others were refused by it, and taken once it was lifted. */
async function round(number: number): Promise<number> {
  const permits = await inParallel(PERMITS, 16, shop.approvedPermit);
  const taking = Promise.all(permits.map((permit, index) => take(permit, shop.client(index, permit.agent))));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  const reason = `round ${number}`;
  const { events } = await shop.command({ type: 'PlaceStop', scope: { kind: 'organization' }, reason });
  const first = (await taking).map(nextOf);
  await shop.command({ type: 'LiftStop', stopId: events[0]?.data.stopId });

  const stopped = permits.filter((_, index) => first[index] !== 'act');
  const second = await Promise.all(stopped.map((permit) => take(permit, shop.client(number, permit.agent))));
  expect(second.map(nextOf)).toEqual(stopped.map(() => 'act'));
  return PERMITS - stopped.length;
}

describe('permits that are being taken while a stop is placed', () => {
  it('I6: no take stands at a later position, and every permit that it refused is taken once it is lifted', async () => {
    let before = 0;
    for (let number = 0; number < ROUNDS; number += 1) before += await round(number);

    const rows = await recordedLedger(shop.system, shop.organization);
    expect(takenUnderStop(rows)).toEqual([]);
    const refused = ROUNDS * PERMITS - before;
    // Both sides of the race were seen, or nothing was shown.
    expect(Math.min(before, refused)).toBeGreaterThan(0);
    console.log(
      `${ROUNDS} stops among takes: ${before} taken before, ${refused} refused and taken later, 0 in between`,
    );
    await expectStateAgrees(shop.system, shop.organization);
  }, 180_000);
});
