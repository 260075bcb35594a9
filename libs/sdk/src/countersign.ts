import { createAsks, type Asks } from './asks.ts';
import { checkedId, createCall } from './call.ts';
import { createAsk, encodeAction, unavailable } from './decider.ts';
import { encode } from './encode.ts';
import { DecisionUnavailable, ReportFailed } from './errors.ts';
import { retryAtOf, unreadable, type Failure } from './failure.ts';
import { createGuard, type Guard } from './guard.ts';
import { createLane } from './lane.ts';
import { createPermits } from './permits.ts';
import { readExtension, readOutcome } from './read-answer.ts';
import { createReporter, type OnReportFailed } from './reporter.ts';
import { sendWithRetry } from './retry.ts';
import { createTransport } from './transport.ts';
import { createWait } from './wait.ts';
import type { Action, Decision, Extension, ExtensionAnswer, Outcome, OutcomeAnswer, QuestionAnswer } from './wire.ts';

export interface CountersignOptions {
  /** Of the api, such as `http://localhost:4000`. */
  readonly url: string;
  /** The agent key, `csk_…`. */
  readonly key: string;
  /** For a whole call, its retries included; one attempt gets half of it. Default 10,000 ms. */
  readonly timeoutMs?: number;
  /** Instead of the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Called when a guard's report fails at first, and when it is given up. Default: `console.warn`. */
  readonly onReportFailed?: OnReportFailed;
}

export interface Countersign extends Asks {
  /**
   * Asks and gives the decision, whatever its verdict: branch on `next`. Never a permission by omission.
   * @throws {DecisionUnavailable} when there is no decision, or none in words this client knows.
   */
  readonly decide: (action: Action) => Promise<Decision>;
  /**
   * Decides, waits for people where they are asked, runs the function if and only if it may run now and with the
   * arguments as they were approved, reports how it went, gives its result. A request id runs at most
   * once in this client: concurrent calls with the same id share one run. If the function throws, its error is reported (with its `cost`, if it carries one) and thrown on.
   *
   * @example
   * ```ts
   * const refund = await client.guard(
   *   { intent: 'refund.issue', target: 'order-1009', args: { amount: 20 }, cost: { usd: '0.42' }, run: 'run-42' },
   *   async ({ args }) => ({ result: await issueRefund(args.amount), cost: { usd: '0.40' } }),
   * );
   * ```
   * @throws {ActionBlocked} a policy, budget, rate or stop says no; `retryAt` says when it may pass.
   * @throws {ActionAwaitsApproval} there is no time left to wait for people; guarding it again, with the same request
   * id, goes on waiting.
   * @throws {ActionDenied} people said no, or nobody answered in time.
   * @throws {DecisionUnavailable} there is no decision. Nothing was done.
   */
  readonly guard: Guard;
  /**
   * Reports how a decided action went, for callers of `decide`. Repeating the same report is harmless.
   * @throws {ReportFailed} when the server did not take it.
   */
  readonly outcome: (decisionId: string, outcome: Outcome) => Promise<OutcomeAnswer>;
  /**
   * Asks for more money or time for a running action. Decided like an action: look at the verdict.
   * @throws {DecisionUnavailable} when there is no decision; what was held before stays held.
   */
  readonly extend: (decisionId: string, extension: Extension) => Promise<ExtensionAnswer>;
  /** Sends pending reports again at once and waits until each is taken or given up (at its hold's expiry). */
  readonly flush: () => Promise<void>;
  /** Refuses new calls, ends waiting for people, then flushes; reports that are still not taken after the timeout are given up. */
  readonly close: () => Promise<void>;
}

const TIMEOUT_DEFAULT_MS = 10_000;

const DECISIONS = { path: '/v1/decisions/batch', sent: 'actions', answered: 'decisions', item: 'decision' };
const OUTCOMES = { path: '/v1/outcomes/batch', sent: 'outcomes', answered: 'results', item: 'outcome' };

/**
 * A client for one agent. Concurrent calls travel together; every call is retried safely until its timeout; whatever
 * goes wrong, nothing runs without an allow. Call `close` before the process ends, so that the last reports arrive.
 *
 * @example
 * ```ts
 * const client = countersign({ url: 'http://localhost:4000', key });
 * const decision = await client.decide({ intent: 'crm.read', target: 'customer-123' });
 * if (decision.next === 'act') await client.outcome(decision.id, { status: 'success' });
 * await client.close();
 * ```
 * @throws {TypeError} for a URL or key that can be neither.
 */
export function countersign(options: CountersignOptions): Countersign {
  const { url, key, timeoutMs = TIMEOUT_DEFAULT_MS, fetch = globalThis.fetch, onReportFailed = warn } = options;
  const attemptMs = timeoutMs / 2;
  const { post, get } = createTransport({ url, key, fetch, attemptMs });
  const outcomes = createLane(post, OUTCOMES);
  const reporter = createReporter({ lane: outcomes, attemptMs, onReportFailed });
  const closing = new AbortController();

  const call = createCall(post, timeoutMs);
  const ask = whileOpen(closing.signal, createAsk(createLane(post, DECISIONS), timeoutMs));
  const callWhileOpen = whileOpen(closing.signal, call);
  const answer = async (id: string, given: QuestionAnswer) =>
    void (await asks.answer(id, given).catch(forgiveAnswered));
  const wait = whileOpen(closing.signal, createWait({ get, answer, timeoutMs, closing: closing.signal }));
  const asks = createAsks(callWhileOpen, wait);

  return {
    ...asks,
    decide: async (action) => {
      const requestId = action.requestId ?? crypto.randomUUID();
      return (await ask(encodeAction(action, requestId), requestId)).decision;
    },
    guard: createGuard({ ask, wait, permits: createPermits(callWhileOpen) }, reporter),
    outcome: async (decisionId, { status, cost, durationMs, result }) => {
      const body = encode({ decisionId, status, cost, durationMs, result }, ReportFailed);
      const answered = await sendWithRetry(outcomes, body, timeoutMs);
      if (!answered.ok) throw reportFailed(answered.failure);
      const read = readOutcome(answered.value, decisionId);
      if (!read) throw reportFailed(unreadable('it is no receipt for this outcome'));
      return read;
    },
    extend: async (decisionId, { extensionId = crypto.randomUUID(), cost, holdFor }) => {
      const body = encode({ extensionId, cost, holdFor }, DecisionUnavailable);
      const read = readExtension(await call(`/v1/decisions/${checkedId(decisionId)}/extend`, body), decisionId);
      if (!read) throw unavailable(unreadable('it is no answer to this extension'));
      return read;
    },
    flush: reporter.flush,
    close: () => {
      closing.abort(closed());
      return reporter.close(timeoutMs);
    },
  };
}

function whileOpen<Given extends unknown[], Answer>(closing: AbortSignal, ask: (...given: Given) => Promise<Answer>) {
  return async (...given: Given): Promise<Answer> => {
    if (closing.aborted) throw closed();
    return ask(...given);
  };
}

const closed = () => new DecisionUnavailable('no decision: this client is closed', { code: 'client.closed' });

function reportFailed(failure: Failure): ReportFailed {
  const { code, message, problem, cause } = failure;
  return new ReportFailed(`the outcome was not taken: ${message}`, {
    code,
    problem,
    cause,
    retryAt: retryAtOf(failure),
  });
}

/** Another process of this agent was faster, and people read that answer. */
function forgiveAnswered(error: unknown): void {
  if (!(error instanceof DecisionUnavailable) || error.code !== 'approvals.already_answered') throw error;
}

const warn: OnReportFailed = ({ message }) => console.warn(`countersign: ${message}`);
