import { StopId } from '@countersign/kernel';
import { patternFault } from '@countersign/kernel/patterns';
import { z } from 'zod';

/** A team or an agent is named by its id or its name. */
const Reference = z.string().min(1).max(63);
/** May be left out: whoever pulls the switch should not have to think of words first. */
const Reason = z.string().max(4_096).default('');

const IntentPattern = z.string().superRefine((text, context) => {
  const fault = patternFault(text);
  if (fault) context.addIssue({ code: 'custom', message: fault });
});

/** A scope as people name it. */
export const StopWish = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organization') }),
  z.strictObject({ kind: z.literal('team'), team: Reference }),
  z.strictObject({ kind: z.literal('agent'), agent: Reference }),
  z.strictObject({ kind: z.literal('intent'), pattern: IntentPattern, team: Reference.nullable().default(null) }),
]);
export type StopWish = z.infer<typeof StopWish>;

export const PlaceStop = z.strictObject({
  type: z.literal('PlaceStop'),
  stopId: StopId,
  scope: StopWish,
  reason: Reason,
});

export const LiftStop = z.strictObject({ type: z.literal('LiftStop'), stopId: StopId, reason: Reason });

export const StopCommand = z.discriminatedUnion('type', [PlaceStop, LiftStop]);
export type StopCommand = z.infer<typeof StopCommand>;
