import { encodeAction } from './decider.ts';
import { ActionCancelled, DecisionUnavailable } from './errors.ts';
import { isRecord } from './failure.ts';
import { Memory } from './memory.ts';
import { permissionFor, reusedRequest, type Attempt, type Ways } from './permission.ts';
import type { Reporter } from './reporter.ts';
import { checkWaiting, type Waiting } from './waiting.ts';
import type { Action, Decision, Outcome, OutcomeCost } from './wire.ts';

/** An action, and how the guard treats it. */
export interface GuardedAction<Args extends object = object> extends Omit<Action<Args>, 'dryRun'> {
  /**
   * Accept a permission that an earlier process was given for this request id and never reported on.
   * Only for functions that are safe to run again. Default false.
   */
  readonly resume?: boolean;
  /**
   * How to wait when people are asked; `false` does not wait. Left out: until they, or the deadline they have, have
   * settled it. Concurrent calls with one request id wait as the first of them said.
   */
  readonly wait?: Waiting | false;
  /** Send the result with the outcome, for people to judge (up to 32,768 characters of JSON). Default true. */
  readonly recordResult?: boolean;
}

export interface Permission<Args extends object = object> {
  /** As they were decided, by people who changed them too: plain JSON, whatever became of the object that was passed. */
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

/** A server that forgot what it decided, restored from a backup, must not make this client act twice. */
const RAN_MAX = 10_000;

/** Runs each request id at most once in this client, also while its report is on the way. */
export function createGuard(ways: Ways, reporter: Reporter): Guard {
  const running = new Map<string, Running>();
  const ran = new Memory<true>(RAN_MAX);

  return async (action, act) => {
    if (action.wait) checkWaiting(action.wait);
    const requestId = action.requestId ?? crypto.randomUUID();
    const body = encodeAction({ ...action, dryRun: false }, requestId);
    const known = running.get(requestId);
    // The server refuses a reused id as well; here no second request is even made.
    if (known && known.body !== body) throw reusedRequest();
    if (known) return known.result as Promise<never>;
    if (ran.get(requestId)) throw ranBefore();

    let reported = Promise.resolve();
    const report: Attempt['report'] = (decision, outcome) => {
      const { attempted, settled } = reporter.report(decision, outcome);
      reported = settled;
      return attempted;
    };
    const actOnce: typeof act = (permission) => {
      // Nobody can come back with an id that only this call knows.
      if (action.requestId !== undefined) ran.set(requestId, true);
      return act(permission);
    };
    const result = runOnce(ways, { report, action, requestId, body }, actOnce);
    running.set(requestId, { body, result });
    const forget = () => reported.then(() => running.delete(requestId));
    result.then(forget, forget);
    return result;
  };
}

async function runOnce<Args extends object, Result>(
  ways: Ways,
  attempt: Attempt,
  act: Act<Args, Result>,
): Promise<Result> {
  const { report, action } = attempt;
  const { decision, args } = await permissionFor(ways, attempt);
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

const ranBefore = () =>
  new DecisionUnavailable('this request id ran in this client before; use a new id', { code: 'client.repeated' });
