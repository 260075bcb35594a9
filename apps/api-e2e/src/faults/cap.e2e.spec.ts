import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  startSystem,
  type ArrangedAgent,
  type System,
} from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askUntilDecided, inParallel } from '../support/caller.ts';
import { expectIntact, expectStateAgrees, gatherEvidence, tellEvidence } from '../support/evidence.ts';
import { buyUntilKilled } from '../support/killed-buyer.ts';
import { mug, organizationCap } from '../support/policies.ts';

const ACTIONS = 10_000;
const AGENTS = 12;
const CLIENTS = 50;
/** Per client; 50 clients keep 600 actions under way, 200 at each api. */
const AT_ONCE = 12;

let system: System;
beforeAll(async () => {
  system = await startSystem({ replicas: 3 });
});
afterAll(() => system.stop());

/** Agents of one organization that share one cap of 5 USD. */
async function arrangeShoppers(): Promise<{ organization: string; agents: readonly ArrangedAgent[] }> {
  const organization = await arrangeOrganization(system.operator, ['shop']);
  const agents: ArrangedAgent[] = [];
  for (let index = 0; index < AGENTS; index += 1)
    agents.push(await arrangeAgent(system.operator, organization, { team: 'shop', policy: organizationCap('5') }));
  return { organization, agents };
}

const clientOf = (index: number, agents: readonly ArrangedAgent[]) =>
  new HttpClient(system.apis[index % system.apis.length]?.url ?? '', agents[index % agents.length]?.key ?? '', AT_ONCE);

const buyMugs = (client: HttpClient) =>
  inParallel(ACTIONS / CLIENTS, AT_ONCE, () => askUntilDecided(mug, { client: () => client }));

describe('10,000 concurrent actions of 0.001 USD against 5 USD over three api processes', () => {
  it('I2: exactly 5,000 are allowed, and every refusal was right at its position', async () => {
    const { organization, agents } = await arrangeShoppers();
    const clients = Array.from({ length: CLIENTS }, (_, index) => clientOf(index, agents));
    const asked = (await Promise.all(clients.map(buyMugs))).flat();
    const evidence = await gatherEvidence(system, organization, asked);
    tellEvidence('one cap over three replicas', evidence);
    expect(asked).toHaveLength(ACTIONS);
    expectIntact(evidence);
    expect(evidence.allowed).toBe(5_000);
    await expectStateAgrees(system, organization);
  });

  it('I2: with a third of the clients killed -9 at random, the cap holds and nothing acknowledged is lost', async () => {
    const { organization, agents } = await arrangeShoppers();
    const asked = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        index % 3 === 0 ? buyUntilKilled(buyerOf(index, agents)) : buyMugs(clientOf(index, agents)),
      ),
    );
    const evidence = await gatherEvidence(system, organization, asked.flat());
    tellEvidence('one cap, a third of the clients killed', evidence);
    expect(evidence.allowed + evidence.blocked, 'some had answers under way').toBeGreaterThan(asked.flat().length);
    expectIntact(evidence);
    expect(evidence.allowed).toBe(5_000);
    await expectStateAgrees(system, organization);
  });
});

/** Lives long enough to be at work when it dies, and never as long as the others. */
const buyerOf = (index: number, agents: readonly ArrangedAgent[]) => ({
  url: system.apis[index % system.apis.length]?.url ?? '',
  key: agents[index % agents.length]?.key ?? '',
  action: mug,
  atOnce: AT_ONCE,
  livesMs: 50 + Math.random() * 1_000,
});
