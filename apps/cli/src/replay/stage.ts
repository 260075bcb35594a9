import { z } from 'zod';
import type { OperatorClient } from '../operator/operator-client.ts';

const Organizations = z.object({ organizations: z.array(z.object({ id: z.string(), name: z.string() })) });
const Organization = z.object({ teams: z.array(z.object({ name: z.string() })) });
const Issued = z.object({ key: z.string() });

/** The document is not published when it is wrong; the answer to `PublishPolicy` names what is. */
export interface StagedPolicy {
  readonly name: string;
  readonly document: string;
}

/** Who will act: a new agent with a key of its own. */
export interface StagedAgent {
  readonly organization: string;
  readonly agent: string;
  readonly key: string;
}

export interface AgentWish {
  readonly organization: string;
  readonly team: string;
  readonly agent: string;
  readonly profile?: Readonly<Record<string, string>>;
}

export async function ensureOrganization(operator: OperatorClient, name: string): Promise<void> {
  const { organizations } = Organizations.parse(await operator.get('/operator/organizations'));
  if (!organizations.some((known) => known.name === name || known.id === name))
    await operator.post('/operator/organizations', { name });
}

/** Carries out one command in an organization. */
export function command(
  operator: OperatorClient,
  organization: string,
  body: { readonly type: string; readonly [field: string]: unknown },
): Promise<unknown> {
  return operator.post(`/operator/organizations/${encodeURIComponent(organization)}/commands`, body);
}

/** Registers an agent, in a team that is made when it is missing, and issues its first key. */
export async function stageAgent(
  operator: OperatorClient,
  { organization, team, agent, profile }: AgentWish,
): Promise<StagedAgent> {
  const { teams } = Organization.parse(
    await operator.get(`/operator/organizations/${encodeURIComponent(organization)}`),
  );
  if (!teams.some(({ name }) => name === team))
    await command(operator, organization, { type: 'CreateTeam', name: team });
  await command(operator, organization, { type: 'RegisterAgent', name: agent, team, ...(profile && { profile }) });
  const { key } = Issued.parse(await command(operator, organization, { type: 'IssueAgentKey', agent }));
  return { organization, agent, key };
}

/** Publishes a policy and attaches it to an agent, so that it holds from its first action. */
export async function stagePolicy(
  operator: OperatorClient,
  { organization, agent }: StagedAgent,
  { name, document }: StagedPolicy,
): Promise<void> {
  await command(operator, organization, { type: 'PublishPolicy', document });
  await command(operator, organization, { type: 'AttachPolicy', name, layer: 'agent', point: agent });
}
