import { Name } from '@countersign/kernel';
import { z } from 'zod';
import { AttachmentPoint } from './policy.events.ts';

/** The largest policy text. A thousand rules take about a tenth of it. */
const DOCUMENT_CHARACTERS_MAX = 512 * 1_024;

export const PublishPolicy = z.strictObject({
  type: z.literal('PublishPolicy'),
  document: z.string().min(1).max(DOCUMENT_CHARACTERS_MAX),
  note: z.string().max(4_096).default(''),
  /** When given, the publish is refused if somebody else published in between. */
  expectedVersion: z.number().int().min(0).optional(),
});

export const AttachPolicy = z.strictObject({ type: z.literal('AttachPolicy'), name: Name, ...AttachmentPoint.shape });

export const DetachPolicy = z.strictObject({ type: z.literal('DetachPolicy'), name: Name, ...AttachmentPoint.shape });

export const PolicyCommand = z.discriminatedUnion('type', [PublishPolicy, AttachPolicy, DetachPolicy]);
export type PolicyCommand = z.infer<typeof PolicyCommand>;
