import { Name, type EventOf } from '@countersign/kernel';
import { z } from 'zod';

export const AttachmentPoint = z.strictObject({
  layer: z.enum(['organization', 'team', 'agent', 'user']),
  /** The id of the organization, team or agent; the user as agents name it. */
  point: z.string().min(1).max(512),
});
export type AttachmentPoint = z.infer<typeof AttachmentPoint>;

/** Facts about policies. Permanent shapes; the whole text is in the event, so the ledger alone can judge again. */
export const policyEvents = {
  PolicyPublished: z.strictObject({
    name: Name,
    version: z.number().int().min(1),
    document: z.string(),
    note: z.string(),
  }),
  PolicyAttached: z.strictObject({ name: Name, ...AttachmentPoint.shape }),
  PolicyDetached: z.strictObject({ name: Name, ...AttachmentPoint.shape }),
} as const;

export type PolicyEvent = EventOf<typeof policyEvents>;
