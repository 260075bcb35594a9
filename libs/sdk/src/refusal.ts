import { ActionAwaitsApproval, ActionBlocked, ActionDenied, DecisionUnavailable } from './errors.ts';
import type { CountersignError } from './errors.ts';
import type { Action, Decision } from './wire.ts';

/** Why a decision is no permission to act now; undefined when it is one. */
export function refusalOf(decision: Decision, action: Action): CountersignError | undefined {
  const { verdict, state, next, position } = decision;
  if (verdict === 'block') return new ActionBlocked(sentence(action, 'is blocked', decision), details(decision));
  if (verdict === 'ask') return refusalOfAsk(decision, action);
  if (next === 'act' && state === 'decided' && position !== null) return undefined;
  return closed(decision);
}

function refusalOfAsk(decision: Decision, action: Action): CountersignError {
  switch (decision.state) {
    case 'pending':
    case 'approved':
      return awaiting(decision, action);
    case 'denied':
    case 'expired':
    case 'cancelled':
      return new ActionDenied(sentence(action, `was ${decision.state} as an approval`, decision), {
        ...details(decision),
        code: `approval.${decision.state}`,
      });
    default:
      return closed(decision);
  }
}

/** Nobody waits for people any more, who may still say yes. `cause`: what cut the waiting short. */
export function awaiting(decision: Decision, action: Action, cause?: unknown): ActionAwaitsApproval {
  const how = decision.state === 'approved' ? 'is approved; its permit must be taken' : 'waits for approval';
  return new ActionAwaitsApproval(sentence(action, how, decision), { ...details(decision), cause });
}

/** Why what a take came to is no permission to act now; undefined when it is one. */
export function refusalOfTake(decision: Decision, action: Action): CountersignError | undefined {
  const { verdict, state, next, position } = decision;
  if (verdict === 'block')
    return new ActionBlocked(sentence(action, 'is blocked though it was approved', decision), details(decision));
  return verdict === 'ask' && state === 'taken' && next === 'act' && position !== null ? undefined : closed(decision);
}

/** A permit that went before it was taken: people took it back, or it ran out. */
export function refusalOfPermit(error: unknown, decision: Decision): ActionDenied | undefined {
  if (!(error instanceof DecisionUnavailable)) return undefined;
  const { code, message, problem } = error;
  if (code !== 'permit.withdrawn' && code !== 'permit.lapsed') return undefined;
  return new ActionDenied(message, { code, problem, decision, cause: error });
}

/**
 * A permission given before this client asked: an earlier process may have acted on it and died before it reported.
 * A repeat after an attempt of our own is the answer to that attempt.
 */
export function refusalOfRepeat(decision: Decision, attempts: number): CountersignError | undefined {
  if (!decision.repeat || attempts > 1) return undefined;
  const message =
    'this request id was decided before and may have been acted on; look, then use a new id or `resume: true`';
  return new DecisionUnavailable(message, { code: 'client.repeated', decision });
}

/**
 * An allow that has run out on the way here. Both ends of its life are on the server's clock and ours is only asked
 * how long we waited, so a wrong clock here changes nothing.
 */
export function refusalOfLate(decision: Decision, waitedMs: number): CountersignError | undefined {
  const { validUntil, takenAt, decidedAt } = decision;
  if (validUntil === null) return undefined;
  const lifeMs = Date.parse(validUntil) - Date.parse(takenAt ?? decidedAt);
  if (waitedMs < lifeMs) return undefined;
  return new DecisionUnavailable('the permission ran out before it arrived', { code: 'client.late', decision });
}

export const closed = (decision: Decision) =>
  new DecisionUnavailable(`the decision is ${decision.state}; there is nothing left to act on`, {
    code: 'request.closed',
    decision,
  });

const details = (decision: Decision) => ({
  code: decision.reasons[0]?.code ?? 'policy.none',
  decision,
  retryAt: decision.retryAt,
});

/** With the words of people where they gave any, else those of the first reason. */
function sentence({ intent, target }: Action, what: string, { approval, reasons }: Decision): string {
  const action = target === undefined ? intent : `${intent}:${target}`;
  const message = approval?.feedback ?? reasons[0]?.message;
  return `\`${action}\` ${what}${message === undefined ? '' : `: ${message}`}`;
}
