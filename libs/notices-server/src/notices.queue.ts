import { OrganizationId } from '@countersign/kernel';
import { defineQueue } from '@countersign/queue';
import { z } from 'zod';

const DELIVERY_ID = /^msg_[0-9a-f]{32}$/;

/**
 * What has to be read or sent: a nudge, never the news. Where each ledger was read up to, and what is due, is in
 * Postgres; losing every job delays both until the next sweep.
 */
export const noticesQueue = defineQueue({
  name: 'notices',
  job: 'tell',
  payload: z.discriminatedUnion('step', [
    z.strictObject({ step: z.literal('follow'), organizationId: OrganizationId }),
    z.strictObject({
      step: z.literal('deliver'),
      organizationId: OrganizationId,
      deliveryId: z.string().regex(DELIVERY_ID),
      /** Which attempt it is for: a job that waits for one does not swallow the nudge for the next. */
      attempt: z.number().int().min(0),
    }),
  ]),
  coalesceBy: (job) =>
    job.step === 'follow' ? `follow-${job.organizationId}` : `deliver-${job.deliveryId}-${job.attempt}`,
  attemptsMax: 1,
});
export type NoticeJob = z.infer<typeof noticesQueue.payload>;
