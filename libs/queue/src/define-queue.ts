import type { z } from 'zod';

/** One queue: its name, what a job carries, and which jobs are the same job. */
export interface QueueDefinition<Payload extends z.ZodType = z.ZodType> {
  /** A noun. Letters and hyphens only: the backends give `:` a meaning of their own. */
  readonly name: string;
  /** What its jobs do, a verb phrase. */
  readonly job: string;
  /** Ids, never state: a job may be lost, doubled or late, and whoever runs it looks the state up. */
  readonly payload: Payload;
  /**
   * Jobs with equal keys coalesce into one waiting job. A job added while its twin runs is kept, not dropped: it may
   * carry news that the twin has already passed.
   */
  readonly coalesceBy: (payload: z.infer<Payload>) => string;
  readonly attemptsMax: number;
}

/** @throws RangeError for a name that a backend would refuse or misread */
export function defineQueue<Payload extends z.ZodType>(definition: QueueDefinition<Payload>): QueueDefinition<Payload> {
  if (/^[a-z]+(-[a-z]+)*$/.test(definition.name)) return definition;
  throw new RangeError(
    `queue name \`${definition.name}\`: use lower-case words joined by hyphens, as in \`projections\``,
  );
}

/** BullMQ's options for one job of this queue. */
export function jobOptions<Payload extends z.ZodType>(queue: QueueDefinition<Payload>, payload: z.infer<Payload>) {
  return {
    attempts: queue.attemptsMax,
    backoff: { type: 'exponential', delay: 500 },
    deduplication: { id: queue.coalesceBy(payload), keepLastIfActive: true },
    removeOnComplete: true,
    removeOnFail: 1_000,
  } as const;
}
