import { randomUUID } from 'node:crypto';
import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  startSystem,
  type ArrangedAgent,
  type HttpAnswer,
  type System,
} from '@countersign/harness';
import { arrangeApprover, type Approver, type AskedAnswer } from '../support/approver.ts';
import { askUntilDecided, inParallel } from '../support/caller.ts';
import { mug, peopleBuy } from '../support/policies.ts';

/** As many as one agent may have waiting. */
const ASKS_MAX = 20;

/** An approved ask, and the action that may be taken. */
export interface Permit {
  readonly id: string;
  /** The number of its agent. */
  readonly agent: number;
  readonly action: object;
}

export interface TakeAnswer {
  readonly takeId: string;
  /** Null when it was lost. */
  readonly answer: HttpAnswer | null;
}

/** Two api processes, agents that must ask before they buy, and a person who says yes. */
export interface Shop {
  readonly system: System;
  readonly organization: string;
  readonly agents: readonly ArrangedAgent[];
  readonly ada: Approver;
  /** Of an agent, at one of the processes by turns. */
  client(turn: number, agent: number): HttpClient;
  /** Of every agent at another address. */
  clientsAt(url: string): readonly HttpClient[];
  command(body: object): Promise<{ readonly events: readonly { readonly data: { readonly stopId: string } }[] }>;
  approvedPermit(index: number): Promise<Permit>;
  close(): Promise<void>;
}

export async function openShop(agentCount: number): Promise<Shop> {
  const system = await startSystem({ replicas: 2 });
  const organization = await arrangeOrganization(system.operator, ['shop', 'treasury']);
  const url = system.apis[0]?.url ?? '';
  const ada = await arrangeApprover(system, organization, { name: 'ada', team: 'treasury', url });
  const team = { team: 'shop' };
  const agents = await inParallel(agentCount, 4, () => arrangeAgent(system.operator, organization, team));
  const command: Shop['command'] = (body) =>
    system.operator.post(`/operator/organizations/${organization}/commands`, body) as ReturnType<Shop['command']>;
  await command({ type: 'PublishPolicy', document: peopleBuy });
  await command({ type: 'AttachPolicy', name: 'people-buy', layer: 'organization', point: organization });

  const opened: HttpClient[] = [];
  const clientsAt = (url: string) => {
    const clients = agents.map(({ key }) => new HttpClient(url, key, ASKS_MAX));
    opened.push(...clients);
    return clients;
  };
  const byApi = system.apis.map(({ url }) => clientsAt(url));
  const client = (turn: number, agent: number) => byApi[turn % byApi.length]?.[agent] as HttpClient;
  const approvedPermit = async (index: number): Promise<Permit> => {
    const agent = index % agents.length;
    const action = { ...mug, target: `mug-${randomUUID()}` };
    const { requestId, decision } = await askUntilDecided(action, { client: () => client(index, agent) });
    const state = await ada.approve(decision as unknown as AskedAnswer);
    if (state !== 'approved') throw new Error(`it was not approved: ${state}`);
    return { id: decision.id, agent, action: { requestId, ...action } };
  };
  const close = async () => {
    for (const each of [...opened, ada]) each.close();
    await system.stop();
  };
  return { system, organization, agents, ada, client, clientsAt, command, approvedPermit, close };
}

/** One attempt, under a take id of its own unless it is given one. */
export async function take(
  { id, action }: Permit,
  client: HttpClient,
  takeId: string = randomUUID(),
): Promise<TakeAnswer> {
  const answer = await client.post(`/v1/decisions/${id}/take`, { takeId, action }).catch(() => null);
  return { takeId, answer };
}

export const nextOf = ({ answer }: TakeAnswer) => (answer?.body as { next?: string } | undefined)?.next;
export const codeOf = ({ answer }: TakeAnswer) => (answer?.body as { code?: string } | undefined)?.code;
