import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Operator } from './operator.ts';

const Made = z.object({ id: z.string() });
const Issued = z.object({ key: z.string() });
const Agents = z.object({ agents: z.array(z.object({ id: z.string(), name: z.string() })) });

/** An agent that may act. */
export interface ArrangedAgent {
  readonly id: string;
  readonly name: string;
  readonly key: string;
}

interface AgentWish {
  readonly team: string;
  readonly name?: string;
  /** YAML; published and attached to the agent. */
  readonly policy?: string;
}

/** A new organization with a name nobody else has, and the teams named. Answers its id. */
export async function arrangeOrganization(operator: Operator, teams: readonly string[]): Promise<string> {
  const { id } = Made.parse(
    await operator.post('/operator/organizations', { name: `org-${randomUUID().slice(0, 13)}` }),
  );
  for (const name of teams) await command(operator, id, { type: 'CreateTeam', name });
  return id;
}

export async function arrangeAgent(
  operator: Operator,
  organization: string,
  { team, name, policy }: AgentWish,
): Promise<ArrangedAgent> {
  const chosen = name ?? `agent-${randomUUID().slice(0, 13)}`;
  await command(operator, organization, { type: 'RegisterAgent', name: chosen, team });
  const { key } = Issued.parse(await command(operator, organization, { type: 'IssueAgentKey', agent: chosen }));
  if (policy !== undefined) await attach(operator, organization, { agent: chosen, policy });
  const { agents } = Agents.parse(await operator.get(`/operator/organizations/${organization}/agents`));
  return { id: agents.find((agent) => agent.name === chosen)?.id ?? '', name: chosen, key };
}

async function attach(operator: Operator, organization: string, { agent, policy }: { agent: string; policy: string }) {
  await command(operator, organization, { type: 'PublishPolicy', document: policy });
  const name = /^name:\s*(\S+)/m.exec(policy)?.[1] ?? '';
  await command(operator, organization, { type: 'AttachPolicy', name, layer: 'agent', point: agent });
}

const command = (operator: Operator, organization: string, body: Readonly<Record<string, unknown>>) =>
  operator.post(`/operator/organizations/${organization}/commands`, body);
