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
      return new ActionAwaitsApproval(sentence(action, 'waits for approval', decision), details(decision));
    case 'approved':
      return new ActionAwaitsApproval(
        sentence(action, 'is approved; its permit must be taken', decision),
        details(decision),
      );
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
  if (decision.validUntil === null) return undefined;
  const lifeMs = Date.parse(decision.validUntil) - Date.parse(decision.decidedAt);
  if (waitedMs < lifeMs) return undefined;
  return new DecisionUnavailable('the permission ran out before it arrived', { code: 'client.late', decision });
}

const closed = (decision: Decision) =>
  new DecisionUnavailable(`the decision is ${decision.state}; there is nothing left to act on`, {
    code: 'request.closed',
    decision,
  });

const details = (decision: Decision) => ({
  code: decision.reasons[0]?.code ?? 'policy.none',
  decision,
  retryAt: decision.retryAt,
});

function sentence({ intent, target }: Action, what: string, { reasons }: Decision): string {
  const action = target === undefined ? intent : `${intent}:${target}`;
  const message = reasons[0]?.message;
  return `\`${action}\` ${what}${message === undefined ? '' : `: ${message}`}`;
}
