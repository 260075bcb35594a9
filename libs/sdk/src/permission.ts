import type { Ask, Asked } from './decider.ts';
import { ActionAwaitsApproval, DecisionUnavailable } from './errors.ts';
import type { GuardedAction } from './guard.ts';
import { prepareTake, type Permits, type PreparedTake } from './permits.ts';
import {
  awaiting,
  closed,
  refusalOf,
  refusalOfLate,
  refusalOfPermit,
  refusalOfRepeat,
  refusalOfTake,
} from './refusal.ts';
import type { Wait, Waited } from './wait.ts';
import type { Action, Decision, Outcome } from './wire.ts';

/** What a guard goes through to a permission. */
export interface Ways {
  readonly ask: Ask;
  readonly wait: Wait;
  readonly permits: Permits;
}

/** One guarded action on its way. */
export interface Attempt {
  readonly report: (decision: Decision, outcome: Outcome) => Promise<void>;
  readonly action: GuardedAction;
  readonly requestId: string;
  readonly body: string;
}

/** Leave to act, now and once, with these arguments. */
interface Permitted {
  readonly decision: Decision;
  readonly args: object;
}

/** The only way to a permission: policies allowed the action, or people did and its permit was taken. Every other answer throws. */
export async function permissionFor(ways: Ways, attempt: Attempt): Promise<Permitted> {
  const { action, requestId, body } = attempt;
  const doubted = ways.permits.inDoubt(requestId);
  if (doubted && doubted.asked !== body) throw reusedRequest();
  if (doubted) return taken(ways, attempt, doubted);

  const asked = await ways.ask(body, requestId).catch((error: unknown) => {
    throw toldOfClosed(error, action);
  });
  return waitsForPeople(asked.decision) ? approved(ways, attempt, asked.decision) : allowed(attempt, asked);
}

const waitsForPeople = ({ verdict, next, position }: Decision) =>
  verdict === 'ask' && (next === 'wait' || next === 'take') && position !== null;

async function allowed(attempt: Attempt, { decision, attempts, askedAtMs }: Asked): Promise<Permitted> {
  const { action, body } = attempt;
  const refusal = refusalOf(decision, action) ?? (action.resume ? undefined : refusalOfRepeat(decision, attempts));
  if (refusal) throw refusal;
  const { args = {} } = JSON.parse(body) as { args?: object };
  return inTime(attempt, { decision, args }, performance.now() - askedAtMs);
}

/** Also the way back of whoever stopped waiting: asking again with the same request id is no second ask. */
async function approved(ways: Ways, attempt: Attempt, decision: Decision): Promise<Permitted> {
  const { action, requestId, body } = attempt;
  const { wait = {} } = action;
  if (wait === false && decision.next === 'wait') throw awaiting(decision, action);

  // Also of an approved one: only what is read here says how people changed it.
  const waited = await ways.wait({ decisionId: decision.id, requestId }, wait || { forSeconds: 0 });
  const refusal = refusalOfWaited(waited, decision, action);
  if (refusal || !waited.decision) throw refusal ?? closed(decision);
  return taken(ways, attempt, prepareTake(requestId, body, waited.decision));
}

/** Undefined when people have approved it, and whoever asked still wants it. */
function refusalOfWaited({ decision: seen, cause }: Waited, asked: Decision, action: Action) {
  const latest = seen ?? asked;
  const refusal = refusalOf(latest, action) ?? closed(latest);
  if (refusal instanceof ActionAwaitsApproval && cause !== undefined) return awaiting(latest, action, cause);
  return seen?.next === 'take' ? undefined : refusal;
}

async function taken({ permits }: Ways, attempt: Attempt, take: PreparedTake): Promise<Permitted> {
  const { action } = attempt;
  const decision = await permits.take(take).catch((error: unknown) => {
    throw refusalOfPermit(error, take.approved) ?? error;
  });
  const refusal = refusalOfTake(decision, action);
  if (refusal) throw refusal;
  return inTime(attempt, { decision, args: take.args }, performance.now() - take.preparedAtMs);
}

/** A permission that came too late gives its money back. */
async function inTime({ report }: Attempt, permitted: Permitted, waitedMs: number): Promise<Permitted> {
  const late = refusalOfLate(permitted.decision, waitedMs);
  if (!late) return permitted;
  await report(permitted.decision, { status: 'cancelled' });
  throw late;
}

/** A closed request carries the decision that closed it: an ask that people denied says so. */
function toldOfClosed(error: unknown, action: Action): unknown {
  if (!(error instanceof DecisionUnavailable) || error.code !== 'request.closed') return error;
  return error.decision?.verdict === 'ask' ? (refusalOf(error.decision, action) ?? error) : error;
}

export const reusedRequest = () =>
  new DecisionUnavailable('no decision: this request id is in use for another action; use a new id', {
    code: 'request.reused',
  });
