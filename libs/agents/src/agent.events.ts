import { AgentId, AgentKeyId, Instant, MemberId, Name, TeamId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';
import { AgentProfile } from './agent.profile.ts';

export const AgentKeyScope = z.enum(['act', 'test']);
export type AgentKeyScope = z.infer<typeof AgentKeyScope>;

/** Facts about agents and their keys. Permanent shapes; a key appears as its hash and prefix, never as itself. */
export const agentEvents = {
  AgentRegistered: z.strictObject({ agentId: AgentId, name: Name, teamId: TeamId, profile: AgentProfile }),
  AgentChanged: z.strictObject({ agentId: AgentId, teamId: TeamId, profile: AgentProfile }),
  AgentRetired: z.strictObject({ agentId: AgentId, reason: z.string() }),
  AgentKeyIssued: z.strictObject({
    keyId: AgentKeyId,
    agentId: AgentId,
    /** SHA-256 of the key, in hexadecimal. The key has 256 random bits, so the hash cannot be guessed backwards. */
    hash: z.string(),
    prefix: z.string(),
    scopes: z.array(AgentKeyScope),
    expiresAt: Instant.nullable(),
    boundUser: z.string().nullable(),
    /** The member who issued it, who must not wave through what is done with it; absent where no member did. */
    issuedBy: MemberId.optional(),
  }),
  AgentKeyRevoked: z.strictObject({ keyId: AgentKeyId, agentId: AgentId, reason: z.string() }),
  /** An agent tried what agents may not do. The first of a minute is this event; the rest follow as one count. */
  AgentAttemptRefused: z.strictObject({
    agentId: AgentId,
    keyId: AgentKeyId,
    operation: z.string(),
    minute: Instant,
    count: z.number().int().min(1),
  }),
} as const;

export type AgentEvent = EventOf<typeof agentEvents>;
