import { Instant, MemberId, Name, PublicationId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';

export const AttachmentPoint = z.strictObject({
  layer: z.enum(['organization', 'team', 'agent', 'user']),
  /** The id of the organization, team or agent; the user as agents name it. */
  point: z.string().min(1).max(512),
});
export type AttachmentPoint = z.infer<typeof AttachmentPoint>;

/** What somebody wants to be in force. A text is whole, so that it is confirmed as it was read. */
export const PolicyChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('publish'), document: z.string(), note: z.string() }),
  z.strictObject({ kind: z.literal('attach'), ...AttachmentPoint.shape }),
  z.strictObject({ kind: z.literal('detach'), ...AttachmentPoint.shape }),
]);
export type PolicyChange = Readonly<z.infer<typeof PolicyChange>>;

/** A member, or the operator by the id of their token. */
export const PublicationAuthor = z.strictObject({ kind: z.enum(['member', 'operator']), id: z.string() });
export type PublicationAuthor = Readonly<z.infer<typeof PublicationAuthor>>;

/** Facts that change what is in force. The whole text is in the event, so the ledger alone can judge again. */
const changeEvents = {
  PolicyPublished: z.strictObject({
    name: Name,
    version: z.number().int().min(1),
    document: z.string(),
    note: z.string(),
  }),
  PolicyAttached: z.strictObject({ name: Name, ...AttachmentPoint.shape }),
  PolicyDetached: z.strictObject({ name: Name, ...AttachmentPoint.shape }),
} as const;

export type PolicyChangeEvent = EventOf<typeof changeEvents>;

/** Facts about policies. Permanent shapes. */
export const policyEvents = {
  ...changeEvents,
  /** Nothing is in force yet: it waits for a second person. */
  PublicationProposed: z.strictObject({
    publicationId: PublicationId,
    name: Name,
    /** The version in force then; 0 for none. What is confirmed follows it or is refused. */
    baseVersion: z.number().int().min(0),
    change: PolicyChange,
    by: PublicationAuthor,
    at: Instant,
  }),
  /** What it changed follows it, in the same transaction. */
  PublicationConfirmed: z.strictObject({ publicationId: PublicationId, name: Name, by: MemberId }),
  PublicationRejected: z.strictObject({
    publicationId: PublicationId,
    name: Name,
    reason: z.string(),
    by: PublicationAuthor,
  }),
} as const;

export type PolicyEvent = EventOf<typeof policyEvents>;
