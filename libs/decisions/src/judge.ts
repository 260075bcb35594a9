import type { Agent } from '@countersign/agents';
import {
  assuming,
  bundledPriceBook,
  meterAction,
  type ActionCost,
  type Metered,
  type Pricing,
  type Subject,
} from '@countersign/budgets';
import type { Team } from '@countersign/identity';
import type { Instant } from '@countersign/kernel';
import { evaluateStack, type Evaluation, type EvaluationInput, type Stack } from '@countersign/policy';
import type { Action } from './action.ts';

/** The prices that ship with this version; which one it was goes into every event that used it. */
const book = bundledPriceBook();

/** Where an epoch's prices come from: the policies attached, then the book. */
export const pricingOf = (stack: Stack, at: Instant): Pricing => ({ rules: stack.settings.prices, book, at });

/** Who asks, as the configuration of one epoch knows it. */
export interface Asker {
  readonly organizationId: string;
  readonly agent: Agent;
  readonly team: Team;
}

/** What policy and prices say of an action, whatever has been spent: the part that may be judged before the lock. */
export interface Judged {
  readonly evaluation: Evaluation;
  readonly metered: Metered;
}

/**
 * Judges an action by the policies attached. Pure: the same epoch, action and instant give the same answer, so it is
 * done before the queue and again under the lock only where the epoch changed or a condition read `now`.
 */
export function judge(stack: Stack, asker: Asker, action: Action, now: Instant): Judged {
  return judgeAgain(stack, asker, action, { now });
}

/** When an action was judged, and how those conditions came out then that read what was not recorded (I12). */
export interface JudgedBefore {
  readonly now: Instant;
  readonly recorded?: NonNullable<EvaluationInput['recorded']>;
}

/** The same from the record: conditions whose values are gone come out as they did. */
export function judgeAgain(stack: Stack, asker: Asker, action: Action, { now, recorded }: JudgedBefore): Judged {
  const metered = meterAction(action.cost ?? null, pricingOf(stack, now));
  const input = inputOf(asker, action, metered, now);
  const evaluation = evaluateStack(stack, recorded ? { ...input, recorded } : input);
  const { unknownPrice } = evaluation;
  const isAssumed = metered.unknown?.code === 'price.unknown' && typeof unknownPrice === 'object';
  return { evaluation, metered: isAssumed ? assuming(metered, unknownPrice.assumeNanos) : metered };
}

/** Who counts against which budget. */
export const subjectOf = (
  { organizationId, agent, team }: Asker,
  { user, run }: Pick<Action, 'user' | 'run'>,
): Subject => ({
  organization: organizationId,
  team: team.teamId,
  agent: agent.agentId,
  user: user ?? null,
  run: run ?? null,
  names: { team: team.name, agent: agent.name },
});

/** The action as policies see it. */
export function inputOf({ agent, team }: Asker, action: Action, metered: Metered, now: Instant): EvaluationInput {
  const { environment, riskClass, labels } = agent.profile;
  return {
    intent: action.intent,
    target: action.target,
    args: action.args ?? {},
    agent: { id: agent.agentId, name: agent.name, team: team.name, environment, riskClass, labels },
    team: team.name,
    user: action.user ?? null,
    run: action.run ?? null,
    cost: { usdNanos: metered.amounts.usd, tokens: metered.amounts.tokens, ...modelOf(action.cost) },
    context: action.context ?? {},
    tags: action.tags ?? [],
    now,
  };
}

function modelOf(cost: ActionCost | undefined) {
  if (!cost) return {};
  const { usd: _usd, tokens: _tokens, ...model } = cost;
  return model as Omit<EvaluationInput['cost'], 'usdNanos' | 'tokens'>;
}
