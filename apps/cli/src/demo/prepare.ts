import { z } from 'zod';
import type { OperatorClient } from '../operator/operator-client.ts';
import { command, ensureTeams } from '../replay/stage.ts';
import type { DemoRole } from './cast.ts';

const Named = z.object({ name: z.string() });
const Agents = z.object({ agents: z.array(Named) });
const Attachment = z.object({ layer: z.string(), name: z.string().nullable().optional() });
const Policies = z.object({ policies: z.array(z.object({ name: z.string(), attachments: z.array(Attachment) })) });
const Document = z.object({ document: z.string() });
const Issued = z.object({ key: z.string(), events: z.array(z.object({ type: z.string(), data: z.unknown() })) });
const KeyOf = z.object({ keyId: z.string() });

/** A key for one telling. */
export interface DemoKey {
  readonly agent: string;
  readonly key: string;
  readonly keyId: string;
}

/** Makes whatever of a role is missing, and nothing that is there already: a telling leaves no second copy behind. */
export async function prepareRole(operator: OperatorClient, organization: string, role: DemoRole): Promise<DemoKey> {
  const base = `/operator/organizations/${encodeURIComponent(organization)}`;
  await ensureTeams(operator, organization, [role.team]);
  const { agents } = Agents.parse(await operator.get(`${base}/agents`));
  if (!includes(agents, role.agent))
    await command(operator, organization, { type: 'RegisterAgent', name: role.agent, team: role.team });
  await preparePolicy(operator, organization, role);
  return issueKey(operator, organization, role.agent);
}

async function preparePolicy(
  operator: OperatorClient,
  organization: string,
  { agent, policy, document }: DemoRole,
): Promise<void> {
  const base = `/operator/organizations/${encodeURIComponent(organization)}`;
  const { policies } = Policies.parse(await operator.get(`${base}/policies`));
  const known = policies.find(({ name }) => name === policy);
  const current = known ? Document.parse(await operator.get(`${base}/policies/${policy}`)).document : null;
  if (current !== document) await command(operator, organization, { type: 'PublishPolicy', document });
  const isAttached = known?.attachments.some(({ layer, name }) => layer === 'agent' && name === agent) ?? false;
  if (!isAttached)
    await command(operator, organization, { type: 'AttachPolicy', name: policy, layer: 'agent', point: agent });
}

async function issueKey(operator: OperatorClient, organization: string, agent: string): Promise<DemoKey> {
  const { key, events } = Issued.parse(await command(operator, organization, { type: 'IssueAgentKey', agent }));
  const issued = events.find(({ type }) => type === 'AgentKeyIssued');
  return { agent, key, keyId: KeyOf.parse(issued?.data).keyId };
}

/** Keys of a telling die with it. */
export async function revokeKey(operator: OperatorClient, organization: string, { keyId }: DemoKey): Promise<void> {
  await command(operator, organization, { type: 'RevokeAgentKey', keyId, reason: 'the demo ended' });
}

const includes = (list: readonly { readonly name: string }[], wanted: string) =>
  list.some(({ name }) => name === wanted);
