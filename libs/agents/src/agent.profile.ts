import { Instant } from '@countersign/kernel';
import { z } from 'zod';

const text = (most: number) => z.string().min(1).max(most);

/** What an agent carries that no report can add later. Everything is optional but explicit. */
export const AgentProfile = z.strictObject({
  /** A member's id; words in records of before that was asked for. */
  owner: text(200).optional(),
  deputy: text(200).optional(),
  purpose: text(2_000).optional(),
  environment: text(63).default('production'),
  riskClass: text(63).default('unclassified'),
  labels: z.record(text(63), z.string().max(200)).default({}),
  instructionsUrl: z.url().max(2_048).optional(),
  inServiceFrom: Instant.optional(),
  inServiceTo: Instant.optional(),
});
export type AgentProfile = z.infer<typeof AgentProfile>;
