import type { Approval, Decision, Question } from './wire.ts';

/** How long to wait for people, and what to do meanwhile. */
export interface Waiting {
  /** At most so long. Left out: until people, or the deadline they have, have settled it. 0 only looks. */
  readonly forSeconds?: number;
  /** Ends the waiting, and nothing else: the ask stays, and whoever comes back with its request id goes on. */
  readonly signal?: AbortSignal;
  /** Told at first where the ask stands, then whenever people did something about it. */
  readonly onProgress?: (approval: Approval, decision: Decision) => void;
  /** Asked each open question of an approver once. What it gives back is sent as the answer; undefined sends none. */
  readonly onQuestion?: (question: OpenQuestion, decision: Decision) => Reply | Promise<Reply>;
}

export type OpenQuestion = Question & { readonly text: string; readonly answer: null };
type Reply = string | undefined;

/** When a waiting ends: by its own time, its signal, or the end of the client. */
export interface Patience {
  /** Of the time given; infinite without one. */
  readonly leftMs: () => number;
  /** Aborted when it is cut short, with the reason. */
  readonly signal: AbortSignal;
  readonly clear: () => void;
}

/** @throws {TypeError} for a time that is none. */
export function checkWaiting({ forSeconds = 0 }: Waiting): void {
  if (!(forSeconds >= 0)) throw new TypeError('`forSeconds` must be a number, 0 or more');
}

export function patienceOf({ forSeconds = Infinity, signal }: Waiting, closing: AbortSignal): Patience {
  const deadline = performance.now() + forSeconds * 1_000;
  const aborter = new AbortController();
  const cuts = [signal, closing].filter((each) => each !== undefined);
  const cut = () => aborter.abort(cuts.find(({ aborted }) => aborted)?.reason);
  for (const each of cuts) each.addEventListener('abort', cut);
  if (cuts.some(({ aborted }) => aborted)) cut();
  return {
    leftMs: () => Math.max(0, deadline - performance.now()),
    signal: aborter.signal,
    clear: () => cuts.forEach((each) => each.removeEventListener('abort', cut)),
  };
}

export const isOver = ({ leftMs, signal }: Patience) => signal.aborted || leftMs() === 0;

/** The longest that a timer can be set for. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** A pause, cut short by the signal. */
export function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(handle);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const handle = setTimeout(wake, Math.min(forMs, TIMER_MAX_MS));
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
