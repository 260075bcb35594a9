import { Name, PublicationId } from '@countersign/kernel';
import { z } from 'zod';
import { AttachmentPoint } from './policy.events.ts';

/** The largest policy text. A thousand rules take about a tenth of it. */
const DOCUMENT_CHARACTERS_MAX = 512 * 1_024;

/** New with each command; used where a second person has to confirm it. */
const publication = { publicationId: PublicationId.optional() };

export const PublishPolicy = z.strictObject({
  type: z.literal('PublishPolicy'),
  document: z.string().min(1).max(DOCUMENT_CHARACTERS_MAX),
  note: z.string().max(4_096).default(''),
  /** When given, the publish is refused if somebody else published in between. */
  expectedVersion: z.number().int().min(0).optional(),
  ...publication,
});

export const AttachPolicy = z.strictObject({
  type: z.literal('AttachPolicy'),
  name: Name,
  ...AttachmentPoint.shape,
  ...publication,
});

export const DetachPolicy = z.strictObject({
  type: z.literal('DetachPolicy'),
  name: Name,
  ...AttachmentPoint.shape,
  ...publication,
});

/** Puts in force what somebody else wanted to be. */
export const ConfirmPublication = z.strictObject({
  type: z.literal('ConfirmPublication'),
  publicationId: PublicationId,
});

/** Ends what waits; whoever wanted it takes it back by the same command. */
export const RejectPublication = z.strictObject({
  type: z.literal('RejectPublication'),
  publicationId: PublicationId,
  reason: z.string().max(4_096).default(''),
});

/** What changes what is in force. */
const changes = [PublishPolicy, AttachPolicy, DetachPolicy] as const;
export type PolicyChangeCommand = z.infer<(typeof changes)[number]>;

export const PolicyCommand = z.discriminatedUnion('type', [...changes, ConfirmPublication, RejectPublication]);
export type PolicyCommand = z.infer<typeof PolicyCommand>;
