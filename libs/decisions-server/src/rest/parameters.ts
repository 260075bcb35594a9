import { readWire } from '@countersign/http';
import { DecisionId } from '@countersign/kernel';
import { z } from 'zod';
import { agentProblem } from './agent-problems.ts';

/** The longest a request may wait for a change. */
const WAIT_SECONDS_MAX = 60;

/** How the text of a query is described: as the number it has to be. */
const described = { type: 'integer', minimum: 0 } as const;

const whole = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)
  .meta(described);

export const WaitQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,2}$/, `must be a whole number of seconds from 0 to ${WAIT_SECONDS_MAX}`)
    .transform(Number)
    .refine((seconds) => seconds <= WAIT_SECONDS_MAX, `must be at most ${WAIT_SECONDS_MAX} seconds`)
    .meta({ ...described, maximum: WAIT_SECONDS_MAX })
    .optional(),
});
export const InclusionQuery = z.strictObject({ position: whole, size: whole.optional() });
export const ConsistencyQuery = z.strictObject({ from: whole, to: whole.optional() });

/** Milliseconds; none without the parameter. */
export const readWait = (query: unknown) => (readWire(WaitQuery, query).wait ?? 0) * 1_000;

export const noSuchDecision = () => agentProblem('decision.not_found', 'there is no such decision of this agent');

/** What cannot be an id is answered like an id that does not exist. @throws {ProblemAnswer} 404. */
export function readDecisionId(text: string): DecisionId {
  const read = DecisionId.safeParse(text);
  if (!read.success) throw noSuchDecision();
  return read.data;
}
