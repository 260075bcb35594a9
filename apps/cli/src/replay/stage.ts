import { z } from 'zod';
import type { OperatorClient } from '../operator/operator-client.ts';

const Organizations = z.object({ organizations: z.array(z.object({ id: z.string(), name: z.string() })) });
const Made = z.object({ id: z.string() });
const Organization = z.object({ teams: z.array(z.object({ id: z.string(), name: z.string() })) });
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

/** Makes it when there is none of that name or id. Gives its id. */
export async function ensureOrganization(operator: OperatorClient, name: string): Promise<string> {
  const { organizations } = Organizations.parse(await operator.get('/operator/organizations'));
  const found = organizations.find((known) => known.name === name || known.id === name);
  return found ? found.id : Made.parse(await operator.post('/operator/organizations', { name })).id;
}

/** Makes those that are missing. Policies name teams as they name themselves, or by id. */
export async function ensureTeams(
  operator: OperatorClient,
  organization: string,
  names: readonly string[],
): Promise<void> {
  const { teams } = Organization.parse(
    await operator.get(`/operator/organizations/${encodeURIComponent(organization)}`),
  );
  for (const name of names) {
    if (!teams.some((known) => known.name === name || known.id === name))
      await command(operator, organization, { type: 'CreateTeam', name });
  }
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
  await ensureTeams(operator, organization, [team]);
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
