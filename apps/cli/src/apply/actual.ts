import type { PolicyInForce } from '../commands/policy-look.ts';
import type { AgentAnswer } from '../format/agents.ts';
import type { Session } from '../operator/connect.ts';
import { publishedPolicy } from '../policy/policy-reference.ts';

/** What an organization is now. */
export interface Actual {
  readonly organizationId: string;
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly agents: readonly AgentAnswer[];
  readonly policies: readonly (PolicyInForce & { readonly document: string | null })[];
}

/** Asks the server; the texts of the policies named in `compared`, and of no others. */
export async function readActual(session: Session, compared: readonly string[]): Promise<Actual> {
  const { id, teams } = await session.get<{ id: string; teams: Actual['teams'] }>('');
  const { agents } = await session.get<{ agents: readonly AgentAnswer[] }>('/agents');
  const { policies } = await session.get<{ policies: readonly PolicyInForce[] }>('/policies');
  const documents = new Map<string, string>();
  for (const { name } of policies.filter((policy) => compared.includes(policy.name)))
    documents.set(name, (await publishedPolicy(session, { name, version: null })).document);
  return {
    organizationId: id,
    teams,
    agents,
    policies: policies.map((policy) => ({ ...policy, document: documents.get(policy.name) ?? null })),
  };
}
