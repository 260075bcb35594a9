import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  startSystem,
  type ArrangedAgent,
  type System,
} from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askUntilDecided, inParallel, type Asked } from '../support/caller.ts';
import { expectIntact, expectStateAgrees, gatherEvidence, tellEvidence } from '../support/evidence.ts';
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

  it('I2: with a third of the clients cut off at random, the cap holds and nothing acknowledged is lost', async () => {
    const { organization, agents } = await arrangeShoppers();
    const asked: Asked[] = [];
    const clients = Array.from({ length: CLIENTS }, (_, index) => clientOf(index, agents));
    await Promise.all(
      clients.map((client, index) =>
        index % 3 === 0 ? buyUntilCut(client, asked) : buyMugs(client).then((all) => asked.push(...all)),
      ),
    );
    const evidence = await gatherEvidence(system, organization, asked);
    tellEvidence('one cap, a third of the clients cut off', evidence);
    expect(evidence.allowed + evidence.blocked).toBeGreaterThan(asked.length);
    expectIntact(evidence);
    expect(evidence.allowed).toBe(5_000);
    await expectStateAgrees(system, organization);
  });
});

/** Asks like the others until its connections are cut, with answers under way that nobody will read. */
async function buyUntilCut(client: HttpClient, asked: Asked[]): Promise<void> {
  let isCut = false;
  const askOnce = async () => {
    while (!isCut) {
      const one = await askUntilDecided(mug, { client: () => client, giveUpMs: 0 }).catch(() => null);
      if (one) asked.push(one);
    }
  };
  setTimeout(
    () => {
      isCut = true;
      client.close();
    },
    50 + Math.random() * 1_000,
  );
  await Promise.all(Array.from({ length: AT_ONCE }, askOnce));
}
