import { encodeIfSmall } from './encode.ts';
import { ReportFailed } from './errors.ts';
import { isContentRefused, retryAtOf, unreadable, type Failure } from './failure.ts';
import type { Lane } from './lane.ts';
import { readOutcome } from './read-answer.ts';
import { pauseMs } from './retry.ts';
import type { Decision, Outcome } from './wire.ts';

export interface ReportFailure {
  readonly decision: Decision;
  readonly outcome: Outcome;
  /** False: given up. The hold will count as spent, flagged `unreported`. */
  readonly willRetry: boolean;
}

export type OnReportFailed = (error: ReportFailed, failure: ReportFailure) => void;

export interface Reporter {
  /** Never rejects. `attempted`: taken, or failed once and being retried. `settled`: taken or given up. */
  readonly report: (decision: Decision, outcome: Outcome) => { attempted: Promise<void>; settled: Promise<void> };
  /** Retries at once what is pausing, and waits until every report is taken or given up. */
  readonly flush: () => Promise<void>;
  /** As `flush`, but after `timeoutMs` every report gets one last attempt. */
  readonly close: (timeoutMs: number) => Promise<void>;
}

interface Settings {
  readonly lane: Lane;
  readonly attemptMs: number;
  readonly onReportFailed: OnReportFailed;
}

/** Retrying goes on this long for a decision without a hold: the default life of one. */
const HOLD_DEFAULT_MS = 15 * 60_000;

/** A longer result stays here: it is recorded so that people can judge, not as storage. */
const RESULT_CHARACTERS_MAX = 32_768;

export function createReporter({ lane, attemptMs, onReportFailed }: Settings): Reporter {
  const pending = new Set<Promise<void>>();
  const pauses = createPauses();
  let isClosing = false;

  const deliver = async (decision: Decision, outcome: Outcome, hasAttempted: () => void) => {
    const deadline = performance.now() + holdMs(decision);
    const bodies = bodiesOf(decision.id, outcome);
    for (let attempt = 1; ; attempt += 1) {
      const failure = await sendFullest(lane, decision.id, bodies, attemptMs);
      if (!failure) return;

      const willRetry = failure.isRetryable && !isClosing && performance.now() < deadline;
      if (attempt === 1 || !willRetry) tell(onReportFailed, failure, { decision, outcome, willRetry });
      hasAttempted();
      if (!willRetry) return;
      await pauses.pause(pauseMs(failure, attempt));
    }
  };

  const report: Reporter['report'] = (decision, outcome) => {
    let hasAttempted = () => {};
    const firstTry = new Promise<void>((resolve) => (hasAttempted = resolve));
    const settled = deliver(decision, outcome, hasAttempted).finally(() => pending.delete(settled));
    pending.add(settled);
    return { attempted: Promise.race([firstTry, settled]), settled };
  };

  const flush = async () => {
    // Pauses do not keep a process up; whoever flushes wants it up.
    const keepAlive = setInterval(() => {}, 1_000);
    pauses.wake();
    while (pending.size > 0) await Promise.all(pending);
    clearInterval(keepAlive);
  };

  const close = async (timeoutMs: number) => {
    const late = setTimeout(() => {
      isClosing = true;
      pauses.wake();
    }, timeoutMs);
    await flush();
    clearTimeout(late);
  };

  return { report, flush, close };
}

/** Undefined when the server took it. A result may hold what the server refuses; the money matters more, so it goes alone then. */
async function sendFullest(
  lane: Lane,
  decisionId: string,
  bodies: readonly string[],
  attemptMs: number,
): Promise<Failure | undefined> {
  let failure: Failure | undefined = unsendable;
  for (const body of bodies) {
    failure = await send(lane, decisionId, body, attemptMs);
    if (!failure || !isContentRefused(failure)) return failure;
  }
  return failure;
}

async function send(lane: Lane, decisionId: string, body: string, attemptMs: number): Promise<Failure | undefined> {
  const answer = await lane(body, attemptMs);
  if (!answer.ok) return answer.failure;
  return readOutcome(answer.value, decisionId) ? undefined : unreadable('it is no receipt for this outcome');
}

const unsendable: Failure = {
  code: 'client.unserializable',
  message: 'its cost cannot be sent as JSON; report it again with `outcome`',
  isRetryable: false,
  retryAfterMs: null,
  problem: null,
};

/** The texts to try, the fullest first: with the result if it can be sent, then without. None if the cost is no JSON. */
function bodiesOf(decisionId: string, { status, cost, durationMs, result }: Outcome): readonly string[] {
  const light = encodeIfSmall({ decisionId, status, cost, durationMs }, RESULT_CHARACTERS_MAX);
  if (light === undefined) return [];
  const written = encodeIfSmall(result, RESULT_CHARACTERS_MAX);
  return written === undefined ? [light] : [`${light.slice(0, -1)},"result":${written}}`, light];
}

function holdMs({ hold, validUntil, takenAt, decidedAt }: Decision): number {
  const life = Date.parse(hold?.expiresAt ?? validUntil ?? '') - Date.parse(takenAt ?? decidedAt);
  return Number.isNaN(life) ? HOLD_DEFAULT_MS : life;
}

/** A callback's own error must not reach the guarded function's caller, who has a result to receive. */
function tell(onReportFailed: OnReportFailed, failure: Failure, about: ReportFailure): void {
  const { code, message, problem, cause } = failure;
  const { decision, willRetry } = about;
  const text = `the outcome of ${decision.id} was not taken: ${message}; ${willRetry ? 'it will be sent again' : 'given up'}`;
  try {
    onReportFailed(new ReportFailed(text, { code, decision, problem, cause, retryAt: retryAtOf(failure) }), about);
  } catch (error) {
    console.warn('countersign: onReportFailed threw', error);
  }
}

/** Sleeps that can all be ended early, and that let a process end. */
function createPauses() {
  const sleepers = new Set<() => void>();
  const pause = (forMs: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(handle);
        sleepers.delete(wake);
        resolve();
      };
      const handle = setTimeout(wake, forMs);
      (handle as { unref?: () => void }).unref?.();
      sleepers.add(wake);
    });
  return { pause, wake: () => [...sleepers].forEach((wake) => wake()) };
}
