import { unavailable } from './decider.ts';
import { unreadable, type Failure } from './failure.ts';
import { readDetail } from './read-answer.ts';
import { pauseMs } from './retry.ts';
import { standingOf, createTalk, type Talk } from './talk.ts';
import type { Get } from './transport.ts';
import { isOver, patienceOf, pause, type Patience, type Waiting } from './waiting.ts';
import type { DecisionDetail, QuestionAnswer } from './wire.ts';

/** The ask that is waited for; an answer about another one is none. */
export interface Awaited {
  readonly decisionId: string;
  readonly requestId?: string;
}

/** Where a waiting ended: the last that was seen, which still waits when time was over or the waiting cut short. */
export interface Waited {
  /** Undefined when it was cut short before anything was seen. */
  readonly decision: DecisionDetail | undefined;
  /** Why it was cut short. */
  readonly cause?: unknown;
}

/** @throws {DecisionUnavailable} when it cannot be known any more how it stands. */
export type Wait = (ask: Awaited, waiting: Waiting) => Promise<Waited>;

interface Parts {
  readonly get: Get;
  readonly answer: (decisionId: string, answer: QuestionAnswer) => Promise<void>;
  /** For how long a server that does not answer is asked again, at least. */
  readonly timeoutMs: number;
  /** The end of the client. */
  readonly closing: AbortSignal;
}

/** The server holds a question up to 60 s; proxies often cut what is silent for that long. */
const HOLD_MAX_SECONDS = 30;

/** Between two looks that found the same: a server that does not hold questions must not be asked in a loop. */
const LOOK_MIN_MS = 500;

export function createWait({ get, answer, timeoutMs, closing }: Parts): Wait {
  return async (ask, waiting) => {
    const patience = patienceOf(waiting, closing);
    const talk = createTalk(waiting, (given) => answer(ask.decisionId, given));
    try {
      const decision = await untilSettled(new Looking(ask, get, patience, timeoutMs), talk, patience);
      return { decision, cause: patience.signal.reason as unknown };
    } finally {
      patience.clear();
    }
  };
}

async function untilSettled(looking: Looking, talk: Talk, patience: Patience): Promise<DecisionDetail | undefined> {
  for (;;) {
    const before = looking.latest;
    const startedAt = performance.now();
    const seen = await looking.look();
    if (!seen) return before;
    await talk(seen, patience);
    if (seen.next !== 'wait' || isOver(patience)) return seen;
    if (!before || standingOf(before) !== standingOf(seen)) continue;
    const gapMs = LOOK_MIN_MS - (performance.now() - startedAt);
    await pause(Math.max(0, Math.min(gapMs, patience.leftMs())), patience.signal);
  }
}

/** Looks at one ask, through broken connections and restarts of the server. */
class Looking {
  latest: DecisionDetail | undefined;
  #seenAtMs = performance.now();

  constructor(
    private readonly ask: Awaited,
    private readonly get: Get,
    private readonly patience: Patience,
    private readonly timeoutMs: number,
  ) {}

  /** At once the first time, then held until something changes. Undefined when it was cut short. */
  async look(): Promise<DecisionDetail | undefined> {
    const { decisionId } = this.ask;
    const { signal } = this.patience;
    for (let attempt = 1; ; attempt += 1) {
      if (signal.aborted) return undefined;
      const seconds = this.#holdSeconds();
      const answer = await this.get(`/v1/decisions/${decisionId}?wait=${seconds}`, { holdMs: seconds * 1_000, signal });
      if (answer.ok) return this.#read(answer.value);
      if (!signal.aborted) await this.#rest(answer.failure, attempt);
    }
  }

  #read(value: unknown): DecisionDetail {
    const { decisionId, requestId } = this.ask;
    const seen = readDetail(value, decisionId, requestId);
    if (!seen) throw unavailable(unreadable('it is not this decision in words that this client knows'), this.latest);
    this.#seenAtMs = performance.now();
    return (this.latest = seen);
  }

  #holdSeconds(): number {
    if (!this.latest) return 0;
    return Math.min(HOLD_MAX_SECONDS, Math.floor(this.patience.leftMs() / 1_000));
  }

  /** @throws {DecisionUnavailable} when asking again would not help, or nobody would wait for it any more. */
  async #rest(failure: Failure, attempt: number): Promise<void> {
    const restMs = pauseMs(failure, attempt);
    if (!failure.isRetryable || restMs >= this.#silenceLeftMs()) throw unavailable(failure, this.latest);
    await pause(restMs, this.patience.signal);
  }

  /** A server may be silent for as long as a call may take; while somebody waits for people, as long as they have. */
  #silenceLeftMs(): number {
    const patient = this.patience.leftMs();
    const deadline = Date.parse(this.latest?.approval?.expiresAt ?? '') - Date.now();
    const waitMs = patient < Infinity ? patient : deadline;
    const callMs = this.#seenAtMs + this.timeoutMs - performance.now();
    return Math.max(callMs, waitMs || 0);
  }
}
