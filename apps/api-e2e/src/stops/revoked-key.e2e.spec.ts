import { randomUUID } from 'node:crypto';
import { arrangeAgent, arrangeOrganization, HttpClient, startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStateAgrees } from '../support/evidence.ts';
import { allowAll, mug } from '../support/policies.ts';
import { connectAsSuperuser } from '../support/recorded-ledger.ts';

const ROUNDS = 50;
const CALLERS = 60;

let system: System;
let organization: string;
let agent: string;
let operators: readonly HttpClient[];

beforeAll(async () => {
  system = await startSystem({ replicas: 3 });
  organization = await arrangeOrganization(system.operator, ['shop']);
  ({ name: agent } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll }));
  operators = system.apis.map(({ url }) => new HttpClient(url, system.operatorToken, 2));
});
afterAll(async () => {
  for (const operator of operators) operator.close();
  await system.stop();
});

interface Issued {
  readonly key: string;
  readonly events: readonly { readonly data: { readonly keyId: string } }[];
}

const command = async (turn: number, body: object) =>
  (await operators[turn % operators.length]?.post(`/operator/organizations/${organization}/commands`, body))?.body;

const ask = async (client: HttpClient) =>
  (await client.post('/v1/decisions', { requestId: randomUUID(), ...mug })).status;

/** Callers at three processes who ask with one key until it is refused; it is revoked at a random moment among them. */
async function round(number: number): Promise<void> {
  const { key, events } = (await command(number, { type: 'IssueAgentKey', agent })) as Issued;
  const clients = system.apis.map(({ url }) => new HttpClient(url, key, CALLERS));
  const asking = Array.from({ length: CALLERS }, async (_, index) => {
    const client = clients[index % clients.length] as HttpClient;
    let status = 200;
    while (status === 200) status = await ask(client);
    return status;
  });
  await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 60));
  await command(number + 1, { type: 'RevokeAgentKey', keyId: events[0]?.data.keyId, reason: 'seen in a log' });
  // Whoever revoked it and tries it finds it refused, at every process.
  expect(await Promise.all(clients.map(ask))).toEqual([401, 401, 401]);
  expect(new Set(await Promise.all(asking))).toEqual(new Set([401]));
  for (const client of clients) client.close();
}

/** By a reading of the ledger that knows no code: decisions with each key, and those that come after its revocation. */
async function decisionsByKey() {
  const sql = connectAsSuperuser(system.database.superuserUrl);
  const rows = await sql<{ position: bigint; type: string; credential: string; keyId: string | null }[]>`
    select e.position, e.type, e.actor_credential as credential, p.payload::json ->> 'keyId' as "keyId"
      from ledger.events e join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organization} and e.type in ('ActionDecided', 'AgentKeyRevoked') order by e.position`;
  await sql.end();
  const revoked = new Set<string | null>();
  const after: number[] = [];
  for (const { position, type, credential, keyId } of rows)
    if (type === 'AgentKeyRevoked') revoked.add(keyId);
    else if (revoked.has(credential)) after.push(Number(position));
  return { revoked: revoked.size, decided: rows.length - revoked.size, after };
}

describe('an agent key that is revoked while three api processes decide with it, 50 rounds', () => {
  it('decides nothing at a later position', async () => {
    for (let number = 0; number < ROUNDS; number += 1) await round(number);

    const { revoked, decided, after } = await decisionsByKey();
    expect([revoked, after]).toEqual([ROUNDS, []]);
    expect(decided).toBeGreaterThan(ROUNDS);
    console.log(`${ROUNDS} keys revoked among ${decided} decisions: 0 after a revocation`);
    await expectStateAgrees(system, organization);
  }, 120_000);
});
