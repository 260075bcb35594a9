import { encode } from './encode.ts';
import { DecisionUnavailable } from './errors.ts';
import { isRecord, retryAtOf, unreadable, type Failure } from './failure.ts';
import type { Lane } from './lane.ts';
import { readDecision } from './read-answer.ts';
import { sendWithRetry } from './retry.ts';
import type { Action, Decision } from './wire.ts';

/** A decision and what the client knows about how it came. */
export interface Asked {
  readonly decision: Decision;
  /** The text that was decided. */
  readonly body: string;
  /** On the monotonic clock, before the first attempt. */
  readonly askedAtMs: number;
  /** Over one: a repeat may be the answer to our own first attempt. */
  readonly attempts: number;
}

/** @throws {DecisionUnavailable} for anything but a decision that this client understands. */
export type Ask = (body: string, requestId: string) => Promise<Asked>;

export function createAsk(lane: Lane, timeoutMs: number): Ask {
  return async (body, requestId) => {
    const askedAtMs = performance.now();
    const answer = await sendWithRetry(lane, body, timeoutMs);
    if (!answer.ok) throw unavailable(answer.failure);

    const decision = readDecision(answer.value, requestId);
    if (!decision) throw unavailable(unreadable('it is no decision in words that this client knows'));
    return { decision, body, askedAtMs, attempts: answer.attempts };
  };
}

/** The action's text as it will be decided. Fields of the action only: the server refuses others by name. */
export function encodeAction(action: Action, requestId: string): string {
  const { intent, target, args, cost, run, user, tags, reason, context, dryRun } = action;
  const fields = { requestId, intent, target, args, cost, run, user, tags, reason, context, dryRun };
  return encode(fields, DecisionUnavailable);
}

/** `latest`: the last that was known of the decision, where the problem itself carries none. */
export function unavailable(failure: Failure, latest: Decision | null = null): DecisionUnavailable {
  const { code, message, problem, cause } = failure;
  const recorded = isRecord(problem) ? readDecision(problem['decision']) : undefined;
  return new DecisionUnavailable(`no decision: ${message}`, {
    code,
    problem,
    cause,
    decision: recorded ?? latest,
    retryAt: retryAtOf(failure),
  });
}
