import type { Call } from './call.ts';
import { unavailable } from './decider.ts';
import { DecisionUnavailable } from './errors.ts';
import { unreadable } from './failure.ts';
import { Memory } from './memory.ts';
import { readDetail } from './read-answer.ts';
import type { DecisionDetail } from './wire.ts';

/** One attempt to take the permit of an ask, as it is sent. */
export interface PreparedTake {
  /** The ask, as it was when people had approved it. */
  readonly approved: DecisionDetail;
  readonly requestId: string;
  /** The action as it was asked. */
  readonly asked: string;
  /** As people left them. */
  readonly args: object;
  /** JSON, with the take id and the whole action. */
  readonly body: string;
  /** Monotonic; the permit was taken after it, if it was. */
  readonly preparedAtMs: number;
}

/**
 * The action as people left it, under a take id of its own. What they did not change is sent as it was asked: the record
 * may hide parts of it.
 */
export function prepareTake(requestId: string, asked: string, approved: DecisionDetail): PreparedTake {
  const { dryRun: _, ...action } = JSON.parse(asked) as { dryRun?: boolean; args?: object };
  const args = approved.approval?.edited ? (approved.action.args ?? {}) : action.args;
  const body = JSON.stringify({ takeId: crypto.randomUUID(), action: { ...action, args } });
  return { approved, requestId, asked, args: args ?? {}, body, preparedAtMs: performance.now() };
}

/**
 * Takes permits, and remembers what was sent and never answered: whoever comes back with the same request repeats that
 * take, because the server may have made it, and refuses a second one.
 */
export interface Permits {
  /** The take of this request whose answer never came. */
  readonly inDoubt: (requestId: string) => PreparedTake | undefined;
  /** @throws {DecisionUnavailable} for a refusal, and without an answer that can be trusted. */
  readonly take: (take: PreparedTake) => Promise<DecisionDetail>;
}

/** Each holds an action. Of more, the oldest are forgotten: their permits are lost, never used twice. */
const IN_DOUBT_MAX = 1_000;

export function createPermits(call: Call): Permits {
  const doubts = new Memory<PreparedTake>(IN_DOUBT_MAX);
  const take: Permits['take'] = async (prepared) => {
    const { approved, requestId, body } = prepared;
    doubts.set(requestId, prepared);
    const answer = await call(`/v1/decisions/${approved.id}/take`, body).catch((error: unknown) => {
      if (isRefusedTake(error)) doubts.delete(requestId);
      throw error;
    });
    const decision = readDetail(answer, approved.id, requestId);
    if (!decision) throw unavailable(unreadable('it is no answer to this take'));
    doubts.delete(requestId);
    return decision;
  };
  return { inDoubt: (requestId) => doubts.get(requestId), take };
}

/** Other problems say nothing about an earlier attempt: it may have the permit, and only its answer was lost. */
const isRefusedTake = (error: unknown) => error instanceof DecisionUnavailable && /^(permit|take)\./.test(error.code);
