import { AgentKeyScope, AgentProfile } from '@countersign/agents';
import { OutcomeCost } from '@countersign/budgets';
import { DecisionId, instant, Name } from '@countersign/kernel';
import { AttachmentPoint } from '@countersign/policy';
import { z } from 'zod';

/**
 * Commands as they arrive: what a person types, so times are RFC 3339 and teams and agents go by name or id. Unknown
 * fields are refused by name, for a misspelt `expiresAt` must not make a key that lives for ever.
 */

const Reference = z.string().min(1).max(63);
const Reason = z.string().max(4_096);
/** Erasing more at once would hold the organization's lock for too long. */
const POSITIONS_MAX = 1_000;

const Time = z.iso
  .datetime({ offset: true, message: 'must be a time such as `2027-01-31T00:00:00Z`' })
  .transform((text) => instant(Date.parse(text)));

const WireProfile = AgentProfile.extend({ inServiceFrom: Time.optional(), inServiceTo: Time.optional() });

const point = { name: Name, ...AttachmentPoint.shape };

export const WireCommand = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('CreateTeam'), name: Name }),
    z.strictObject({ type: z.literal('ChangeTimeZone'), timeZone: z.string().max(63) }),
    z.strictObject({
      type: z.literal('RegisterAgent'),
      name: Name,
      team: Reference,
      profile: WireProfile.prefault({}),
    }),
    z.strictObject({
      type: z.literal('ChangeAgent'),
      agent: Reference,
      team: Reference.optional(),
      profile: WireProfile,
    }),
    z.strictObject({ type: z.literal('RetireAgent'), agent: Reference, reason: Reason.default('') }),
    z.strictObject({
      type: z.literal('IssueAgentKey'),
      agent: Reference,
      scopes: z.array(AgentKeyScope).min(1).default(['act', 'test']),
      expiresAt: Time.nullable().default(null),
      boundUser: z.string().min(1).max(512).nullable().default(null),
    }),
    z.strictObject({ type: z.literal('RevokeAgentKey'), keyId: z.string().max(64), reason: Reason.default('') }),
    z.strictObject({
      type: z.literal('PublishPolicy'),
      document: z
        .string()
        .min(1)
        .max(512 * 1_024),
      note: Reason.default(''),
      expectedVersion: z.number().int().min(0).optional(),
    }),
    z.strictObject({ type: z.literal('AttachPolicy'), ...point }),
    z.strictObject({ type: z.literal('DetachPolicy'), ...point }),
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
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? `must have a \`type\` among ${TYPES.join(', ')}` : undefined),
  },
);
export type WireCommand = z.infer<typeof WireCommand>;

const TYPES: readonly string[] = WireCommand.options.map(({ shape }) => shape.type.value);

export const NewOrganization = z.strictObject({ name: Name, timeZone: z.string().max(63).default('UTC') });
