import { AgentId, Instant, StopId, TeamId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';

/** What a stop blocks. A pattern is one of a policy's, compared as a block compares it, and may be a team's only. */
export const StopScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organization') }),
  z.strictObject({ kind: z.literal('team'), teamId: TeamId }),
  z.strictObject({ kind: z.literal('agent'), agentId: AgentId }),
  z.strictObject({ kind: z.literal('intent'), pattern: z.string(), teamId: TeamId.nullable() }),
]);
export type StopScope = Readonly<z.infer<typeof StopScope>>;

/** How high whoever placed a stop stood over its scope when they did, lowest first. */
export const StopRank = z.enum(['developer', 'approver', 'lead', 'admin', 'owner']);
export type StopRank = z.infer<typeof StopRank>;

/** A member, or the operator by the id of their token. */
export const StopAuthor = z.strictObject({ kind: z.enum(['member', 'operator']), id: z.string() });
export type StopAuthor = Readonly<z.infer<typeof StopAuthor>>;

/** Facts about stops. Permanent shapes. */
export const stopEvents = {
  StopPlaced: z.strictObject({
    stopId: StopId,
    scope: StopScope,
    reason: z.string(),
    by: StopAuthor,
    /** Recorded, so that nobody's later rise or fall changes who may lift it. */
    rank: StopRank,
    at: Instant,
  }),
  StopLifted: z.strictObject({ stopId: StopId, reason: z.string(), by: StopAuthor, at: Instant }),
} as const;

export type StopEvent = EventOf<typeof stopEvents>;

export const stopStream = (stopId: StopId) => `stop-${stopId.slice('stp_'.length)}`;
