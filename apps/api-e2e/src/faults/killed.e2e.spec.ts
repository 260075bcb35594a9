import { arrangeAgent, arrangeOrganization, startSystem, type Api, type System } from '@countersign/harness';
import { afterEach, describe, expect, it } from 'vitest';
import { expectIntact, expectStateAgrees, gatherEvidence, tellEvidence } from '../support/evidence.ts';
import { mug, organizationCap } from '../support/policies.ts';
import { startTraffic } from '../support/traffic.ts';

const ROUNDS = 20;
const A_ROUND = 1_000;

let system: System;
afterEach(() => system.stop());

async function arrangeShopper() {
  const organization = await arrangeOrganization(system.operator, ['shop']);
  // Reached in the middle of the rounds, so that crashes happen below the cap and at it.
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: organizationCap('12') });
  return { organization, key };
}

describe('kill -9 under load', () => {
  it('I1: what an api acknowledged before it was killed is in the ledger, once', async () => {
    system = await startSystem();
    const { organization, key } = await arrangeShopper();
    let api = system.apis[0] as Api;
    const traffic = startTraffic(api, key, mug);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await traffic.until(round * A_ROUND);
      await api.kill();
      api = await system.addApi();
      traffic.moveTo(api);
    }
    await traffic.until((ROUNDS + 1) * A_ROUND);
    await traffic.stop();
    const evidence = await gatherEvidence(system, organization, traffic.asked);
    tellEvidence(`api killed ${ROUNDS} times`, evidence);
    expect(evidence.acknowledged).toBeGreaterThan(ROUNDS * A_ROUND);
    expectIntact(evidence);
  });

  it('I1: what was acknowledged before Postgres was killed survives, once, and the state agrees', async () => {
    system = await startSystem();
    const { organization, key } = await arrangeShopper();
    const traffic = startTraffic(system.apis[0] as Api, key, mug);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await traffic.until(round * A_ROUND);
      await system.database.killAndRestart();
    }
    await traffic.until((ROUNDS + 1) * A_ROUND);
    await traffic.stop();
    const evidence = await gatherEvidence(system, organization, traffic.asked);
    tellEvidence(`Postgres killed ${ROUNDS} times`, evidence);
    expect(evidence.acknowledged).toBeGreaterThan(ROUNDS * A_ROUND);
    expectIntact(evidence);
    await expectStateAgrees(system, organization);
  });
});
