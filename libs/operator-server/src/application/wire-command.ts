import { OutcomeCost } from '@countersign/budgets';
import { DecisionId, Name } from '@countersign/kernel';
import { configurationWires } from '@countersign/surface';
import { z } from 'zod';

/** Commands as they arrive from an operator: those that change configuration, and those about the ledger itself. */

const Reason = z.string().max(4_096);
/** Erasing more at once would hold the organization's lock for too long. */
const POSITIONS_MAX = 1_000;

export const WireCommand = z.discriminatedUnion(
  'type',
  [
    ...configurationWires,
    z.strictObject({
      type: z.literal('ErasePayloads'),
      positions: z.array(z.number().int().min(0)).min(1).max(POSITIONS_MAX),
      reason: Reason.min(1, 'must say why: it stays in the ledger in place of what was erased'),
    }),
    z.strictObject({
      type: z.literal('CorrectHold'),
      decisionId: DecisionId,
      cost: OutcomeCost,
      reason: Reason.min(1, 'must say why: it stays in the ledger'),
    }),
    z.strictObject({ type: z.literal('RotateSigningKey') }),
    z.strictObject({
      type: z.literal('ReopenLedger'),
      /** One signed checkpoint, the largest known from before; null when none was kept. */
      lastCheckpoint: z.string().max(16_384).nullable(),
      reason: Reason.min(1, 'must say why: it stays in the ledger'),
    }),
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? `must have a \`type\` among ${TYPES.join(', ')}` : undefined),
  },
);
export type WireCommand = z.infer<typeof WireCommand>;

const TYPES: readonly string[] = WireCommand.options.map(({ shape }) => shape.type.value);

export const NewOrganization = z.strictObject({ name: Name, timeZone: z.string().max(63).default('UTC') });
