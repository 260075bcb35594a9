import { ActionCost } from '@countersign/budgets';
import { MemberId } from '@countersign/kernel';
import { z } from 'zod';

const text = (most: number) => z.string().min(1).max(most);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const Intent = z
  .string()
  .regex(
    /^[A-Za-z0-9._/-]{1,200}$/,
    'must be 1 to 200 of letters, digits, dot, underscore, slash or dash, such as `slack.post`',
  );

/** Notes an agent passes along. They are recorded and may be judged by `when`, but prove nothing. */
export const ActionContext = z.strictObject({
  traceparent: text(512).optional(),
  parentDecisionId: text(64).optional(),
  agentVersion: text(200).optional(),
  provider: text(200).optional(),
  model: text(200).optional(),
  region: text(63).optional(),
  dataClasses: z.array(text(63)).max(32).optional(),
  onBehalfOf: MemberId.optional(),
});
export type ActionContext = z.infer<typeof ActionContext>;

/** What an agent wants to do, as it arrives. Unknown fields are refused by name: a misspelt cost must not pass as none. */
export const Action = z.strictObject({
  requestId: text(512),
  intent: Intent,
  target: z.string().max(2_048).default(''),
  // Its own meta: what only code can check is published by hand.
  args: z.custom<Record<string, unknown>>(isObject, 'must be an object').meta({ type: 'object' }).optional(),
  cost: ActionCost.optional(),
  run: text(512).optional(),
  user: text(512).optional(),
  tags: z.array(text(64)).max(32).optional(),
  reason: z.string().max(4_096).optional(),
  context: ActionContext.optional(),
  dryRun: z.boolean().optional(),
});
export type Action = z.infer<typeof Action>;
