import { AgentKeyScope, type AgentKey, type AgentProfile } from '@countersign/agents';
import { BudgetScope, WindowKind } from '@countersign/budgets';
import type { Asker } from '@countersign/decisions';
import { AgentId, AgentKeyId, OrganizationId, TeamId, toIso, type Instant } from '@countersign/kernel';
import { z } from 'zod';

const Time = z.iso.datetime();
const Amount = z.string();

const OwnAgent = z.strictObject({
  id: AgentId,
  name: z.string(),
  status: z.enum(['active', 'retired']),
  owner: z.string().optional(),
  deputy: z.string().optional(),
  purpose: z.string().optional(),
  environment: z.string(),
  riskClass: z.string(),
  labels: z.record(z.string(), z.string()),
  instructionsUrl: z.string().optional(),
  inServiceFrom: Time.optional(),
  inServiceTo: Time.optional(),
});

const OwnKey = z.strictObject({
  id: AgentKeyId,
  prefix: z.string().describe('What may be shown of the key.'),
  scopes: z.array(AgentKeyScope),
  boundUser: z.string().nullable().describe('The only user it speaks for.'),
  expiresAt: Time.nullable(),
});

const OwnPolicy = z.strictObject({
  name: z.string(),
  version: z.number().int(),
  layer: z.enum(['organization', 'team', 'agent', 'user']),
  mode: z.enum(['enforce', 'shadow']),
});

const OwnBudget = z.strictObject({
  policy: z.string(),
  name: z.string(),
  scope: BudgetScope,
  unit: z.enum(['usd', 'tokens', 'calls']),
  window: WindowKind,
  cap: Amount,
  spent: Amount,
  held: Amount,
  remaining: Amount,
  resetsAt: Time.nullable(),
});

/** Who the agent is to Countersign, and what it may still spend. */
export const IdentityView = z.strictObject({
  agent: OwnAgent,
  team: z.strictObject({ id: TeamId, name: z.string() }),
  organization: z.strictObject({ id: OrganizationId }),
  key: OwnKey,
  policies: z.array(OwnPolicy).describe('Those that judge its actions, of whichever layer.'),
  budgets: z.array(OwnBudget).describe("The agent's own; those of users and runs are in the decisions that name them."),
});

export const ownAgent = ({ agent: { agentId, name, status, profile } }: Asker) => ({
  id: agentId,
  name,
  status,
  ...inWords(profile),
});

function inWords({ inServiceFrom, inServiceTo, ...profile }: AgentProfile) {
  return {
    ...profile,
    ...(inServiceFrom !== undefined && { inServiceFrom: toIso(inServiceFrom) }),
    ...(inServiceTo !== undefined && { inServiceTo: toIso(inServiceTo) }),
  };
}

export const ownKey = ({ keyId, prefix, scopes, boundUser, expiresAt }: AgentKey) => ({
  id: keyId,
  prefix,
  scopes,
  boundUser,
  expiresAt: timeOrNull(expiresAt),
});

const timeOrNull = (instant: Instant | null) => (instant === null ? null : toIso(instant));
