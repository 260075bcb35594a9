import { AgentId, AgentKeyId, Instant, Name } from '@countersign/kernel';
import { z } from 'zod';
import { AgentKeyScope } from './agent.events.ts';
import { AgentProfile } from './agent.profile.ts';

const Reason = z.string().max(4_096).default('');
/** A team or an agent is named by its id or its name. */
const Reference = z.string().min(1).max(63);

export const RegisterAgent = z.strictObject({
  type: z.literal('RegisterAgent'),
  agentId: AgentId,
  name: Name,
  team: Reference,
  profile: AgentProfile.prefault({}),
});

export const ChangeAgent = z.strictObject({
  type: z.literal('ChangeAgent'),
  agent: Reference,
  team: Reference.optional(),
  profile: AgentProfile,
});

export const RetireAgent = z.strictObject({ type: z.literal('RetireAgent'), agent: Reference, reason: Reason });

export const IssueAgentKey = z.strictObject({
  type: z.literal('IssueAgentKey'),
  keyId: AgentKeyId,
  agent: Reference,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  prefix: z.string().max(12),
  scopes: z.array(AgentKeyScope).min(1).default(['act', 'test']),
  expiresAt: Instant.nullable().default(null),
  boundUser: z.string().min(1).max(512).nullable().default(null),
});

export const RevokeAgentKey = z.strictObject({ type: z.literal('RevokeAgentKey'), keyId: AgentKeyId, reason: Reason });

export const AgentCommand = z.discriminatedUnion('type', [
  RegisterAgent,
  ChangeAgent,
  RetireAgent,
  IssueAgentKey,
  RevokeAgentKey,
]);
export type AgentCommand = z.infer<typeof AgentCommand>;
