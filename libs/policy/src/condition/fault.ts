/**
 * Why a condition has no outcome. Thrown, but not an Error: an agent can cause one with every action, and a stack
 * trace nobody reads would cost more than the evaluation.
 */
export class ConditionFault {
  constructor(
    readonly kind: 'error' | 'cost',
    /** Names paths of the condition and kinds of values, never the values. */
    readonly message: string,
  ) {}
}

export const fault = (message: string) => new ConditionFault('error', message);

/**
 * What all conditions of one evaluation may spend together, in steps of about 10 ns: a few milliseconds, during which
 * no other action is judged. A list of 30,000 numbers, the most that fits in `args`, can still be mapped and summed.
 */
export const CONDITION_COST_MAX = 250_000;

export interface Meter {
  left: number;
}

export function spend(meter: Meter, steps: number): void {
  meter.left -= steps;
  if (meter.left < 0) throw new ConditionFault('cost', 'costs more to evaluate than one action may');
}
