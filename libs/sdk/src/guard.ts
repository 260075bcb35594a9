import type { Ask } from './decider.ts';
import { encodeAction } from './decider.ts';
import { ActionCancelled, DecisionUnavailable } from './errors.ts';
import { isRecord } from './failure.ts';
import { refusalOf, refusalOfLate, refusalOfRepeat } from './refusal.ts';
import type { Reporter } from './reporter.ts';
import type { Action, Decision, Outcome, OutcomeCost } from './wire.ts';

/** An action, and how the guard treats it. */
export interface GuardedAction<Args extends object = object> extends Omit<Action<Args>, 'dryRun'> {
  /**
   * Accept a permission that an earlier process was given for this request id and never reported on.
   * Only for functions that are safe to run again. Default false.
   */
  readonly resume?: boolean;
  /** Send the result with the outcome, for people to judge (up to 32,768 characters of JSON). Default true. */
  readonly recordResult?: boolean;
}

export interface Permission<Args extends object = object> {
  /** As they were decided: plain JSON, whatever became of the object that was passed. */
  readonly args: Args;
  readonly decision: Decision;
}

/** What a guarded function gives back. Without a cost the held amount counts as spent. */
export interface Done<Result> {
  readonly result: Result;
  readonly cost?: OutcomeCost;
}

export type Act<Args extends object, Result> = (permission: Permission<Args>) => Promise<Done<Result>>;

export type Guard = <Args extends object, Result>(
  action: GuardedAction<Args>,
  act: Act<Args, Result>,
) => Promise<Result>;

interface Running {
  readonly body: string;
  readonly result: Promise<unknown>;
}

/** Runs each request id at most once in this client, also while its report is on the way. */
export function createGuard(ask: Ask, reporter: Reporter): Guard {
  const running = new Map<string, Running>();

  return async (action, act) => {
    const requestId = action.requestId ?? crypto.randomUUID();
    const body = encodeAction({ ...action, dryRun: false }, requestId);
    const known = running.get(requestId);
    // The server refuses a reused id as well; here no second request is even made.
    if (known && known.body !== body) throw reused();
    if (known) return known.result as Promise<never>;

    let reported = Promise.resolve();
    const report: Report = (decision, outcome) => {
      const { attempted, settled } = reporter.report(decision, outcome);
      reported = settled;
      return attempted;
    };
    const result = runOnce({ ask, report, action, requestId, body }, act);
    running.set(requestId, { body, result });
    const forget = () => reported.then(() => running.delete(requestId));
    result.then(forget, forget);
    return result;
  };
}

type Report = (decision: Decision, outcome: Outcome) => Promise<void>;

interface Attempt<Args extends object> {
  readonly ask: Ask;
  readonly report: Report;
  readonly action: GuardedAction<Args>;
  readonly requestId: string;
  readonly body: string;
}

async function runOnce<Args extends object, Result>(attempt: Attempt<Args>, act: Act<Args, Result>): Promise<Result> {
  const { report, action, body } = attempt;
  const decision = await permissionFor(attempt);
  const { args = {} } = JSON.parse(body) as { args?: object };
  const startedAtMs = performance.now();
  const ran = await attemptTo(() => act({ args: args as Args, decision }));

  const durationMs = Math.round(performance.now() - startedAtMs);
  await report(decision, { ...outcomeOf(ran, action.recordResult ?? true), durationMs });
  if ('error' in ran) throw ran.error;
  return ran.done.result;
}

type Ran<Result> = { readonly done: Done<Result> } | { readonly error: unknown };

/** A function that gives back nothing has still run: it is a success without a cost. */
async function attemptTo<Result>(act: () => Promise<Done<Result>>): Promise<Ran<Result>> {
  try {
    return { done: (await act()) ?? ({} as Done<Result>) };
  } catch (error) {
    return { error };
  }
}

/** The only way to a permission: every other answer throws. */
async function permissionFor({ ask, report, action, requestId, body }: Attempt<object>): Promise<Decision> {
  const { decision, attempts, askedAtMs } = await ask(body, requestId).catch((error: unknown) => {
    throw told(error, action);
  });
  const refusal = refusalOf(decision, action) ?? (action.resume ? undefined : refusalOfRepeat(decision, attempts));
  if (refusal) throw refusal;

  const late = refusalOfLate(decision, performance.now() - askedAtMs);
  if (!late) return decision;
  await report(decision, { status: 'cancelled' });
  throw late;
}

/** A closed request carries the decision that closed it: an ask that people denied says so. */
function told(error: unknown, action: Action): unknown {
  if (!(error instanceof DecisionUnavailable) || error.code !== 'request.closed') return error;
  return error.decision?.verdict === 'ask' ? (refusalOf(error.decision, action) ?? error) : error;
}

function outcomeOf(ran: Ran<unknown>, recordResult: boolean): Outcome {
  if ('error' in ran) return outcomeOfError(ran.error);
  const { result, cost } = ran.done;
  return { status: 'success', ...(cost && { cost }), ...(recordResult && { result }) };
}

/** Cancellations that one guard has given money back for: the guard around it may have done something already. */
const settledCancellations = new WeakSet<ActionCancelled>();

function outcomeOfError(error: unknown): Outcome {
  if (error instanceof ActionCancelled && !settledCancellations.has(error)) {
    settledCancellations.add(error);
    return { status: 'cancelled' };
  }
  const cost: unknown = error instanceof Error && 'cost' in error ? error.cost : undefined;
  return isRecord(cost) ? { status: 'error', cost: cost as unknown as OutcomeCost } : { status: 'error' };
}

const reused = () =>
  new DecisionUnavailable('no decision: this request id is in use for another action; use a new id', {
    code: 'request.reused',
  });
