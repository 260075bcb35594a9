import { arrangeAgent } from '@countersign/harness';
import type { Figure } from '../figure.ts';
import { decideJob, type Stage } from '../stage.ts';

const AFFORDABLE = 1_000;
const ASKED = 2_000;

/** A thousand times the price of the action, in nano-USD 10^5. */
const policy = `apiVersion: countersign/v1
name: small-cap
allow: ["refund.issue:*"]
budgets:
  - { name: agent-total, scope: agent, unit: usd, window: total, cap: "0.1" }
`;

/** Twice as many actions as one budget affords, at once: how many more than the cap allows were allowed. */
export async function measureOvershoot(stage: Stage): Promise<Figure> {
  const agent = await arrangeAgent(stage.system.operator, stage.organization, { team: 'support', policy });
  const result = await stage.load.run(decideJob(stage, agent, { milliseconds: 60_000, total: ASKED }));
  if (result.firstProblem !== null) throw new Error(`overshoot: ${result.firstProblem}`);
  return {
    name: 'overshoot of that budget',
    yardstick: null,
    unit: 'actions',
    // Too few allowed is as wrong as too many: money that was there was refused.
    value: Math.abs(result.allowed - AFFORDABLE),
    sense: 'at most',
    must: 0,
    aim: 0,
    detail: {
      note: `${result.allowed} of ${ASKED} allowed, ${AFFORDABLE} affordable`,
      allowed: result.allowed,
      blocked: result.blocked,
    },
  };
}
