import { randomUUID } from 'node:crypto';
import { countersign, type Countersign } from '@countersign/sdk';
import type { OperatorClient } from '../operator/operator-client.ts';
import { ensureOrganization } from '../replay/stage.ts';
import { cast } from './cast.ts';
import { gatherPeople } from './people.ts';
import { prepareRole, revokeKey, type DemoKey } from './prepare.ts';
import { story, tellScene, type Scene } from './story.ts';
import { scenesWithPeople } from './with-people.ts';

interface Telling {
  readonly organization: string;
  /** Where the passwords of the demo's people are kept. */
  readonly peopleFile: string;
  readonly say: (line: string) => void;
}

/** Lets the cast act against a running system, saying what happens. Each telling is a run of its own. */
export async function tell(operator: OperatorClient, { organization, peopleFile, say }: Telling): Promise<void> {
  const organizationId = await ensureOrganization(operator, organization);
  const keys: DemoKey[] = [];
  try {
    for (const role of cast) keys.push(await prepareRole(operator, organization, role));
    const clients = new Map(keys.map(({ agent, key }) => [agent, countersign({ url: operator.url, key })]));
    const run = `demo-${randomUUID()}`;
    for (const scene of story) say(await play(scene, clients, run));
    const people = await gatherPeople(operator, { organization, organizationId, file: peopleFile });
    for (const scene of scenesWithPeople) say(await scene({ clients, people, run }));
    for (const client of clients.values()) await client.close();
  } finally {
    for (const key of keys) await revokeKey(operator, organization, key);
  }
  say(lookHere(organization));
}

async function play(scene: Scene, clients: ReadonlyMap<string, Countersign>, run: string): Promise<string> {
  const client = clients.get(scene.agent);
  const team = cast.find(({ agent }) => agent === scene.agent)?.team ?? '';
  if (!client) throw new Error(`nobody plays ${scene.agent}`);
  const decision = await client.decide({ ...scene.action, run });
  if (decision.next === 'act')
    await client.outcome(decision.id, {
      status: 'success',
      ...(scene.spends !== undefined && { cost: { usd: scene.spends } }),
    });
  return tellScene(scene, team, decision);
}

const lookHere = (organization: string) => `
Where to look:
  countersign decisions --organization ${organization}       every answer, newest last
  countersign decision show ID --organization ${organization}  why, in sentences
  countersign budgets --organization ${organization}         what each run has spent
  countersign ledger export --organization ${organization} --output ledger.ndjson && countersign verify ledger.ndjson`;
