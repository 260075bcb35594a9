import { defineQueue } from '@countersign/queue';
import { z } from 'zod';

/**
 * What has to be done now and then, by whichever worker gets to it: a nudge, never the news. Losing every job delays a
 * chore until the next pulse; doing one twice changes nothing.
 */
export const choresQueue = defineQueue({
  name: 'chores',
  job: 'do-chore',
  payload: z.strictObject({
    chore: z.enum(['expire-holds', 'sweep-approvals', 'sweep-notices', 'delete-sessions', 'prepare-months']),
  }),
  coalesceBy: ({ chore }) => chore,
  attemptsMax: 1,
});
export type Chore = z.infer<typeof choresQueue.payload>['chore'];
