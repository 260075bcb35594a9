import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpAnswer, HttpClient } from '@countersign/harness';

/** What the suites read of a decision. */
export interface DecisionAnswer {
  readonly id: string;
  readonly verdict: 'allow' | 'ask' | 'block';
  readonly position: number;
  readonly repeat: boolean;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

export interface Asked {
  readonly requestId: string;
  readonly decision: DecisionAnswer;
  /** How often it was sent until it was answered. */
  readonly attempts: number;
}

export interface WireAction {
  readonly intent: string;
  readonly [field: string]: unknown;
}

/** Answers that say "not now": the same request id is asked again. Everything else is an answer, or a failure. */
const LATER = new Set([429, 503]);
const PAUSE_MS = 30;

interface Patience {
  /** Where to ask at this moment: an api that was killed comes back elsewhere. */
  readonly client: () => HttpClient;
  readonly giveUpMs?: number;
}

/**
 * Asks until there is a decision, always with one request id, as an agent that survives faults must.
 *
 * @throws when nothing was decided in time, or the answer is neither a decision nor a reason to ask again
 */
export async function askUntilDecided(action: WireAction, { client, giveUpMs = 60_000 }: Patience): Promise<Asked> {
  const requestId = randomUUID();
  const giveUpAt = performance.now() + giveUpMs;
  for (let attempts = 1; ; attempts += 1) {
    const answer = await client()
      .post('/v1/decisions', { requestId, ...action })
      .catch((error: Error) => error);
    if (isDecided(answer)) return { requestId, decision: answer.body as DecisionAnswer, attempts };
    if (isFinal(answer) || performance.now() > giveUpAt)
      throw new Error(`request ${requestId} was not decided (attempt ${attempts}): ${wordsOf(answer)}`);
    await pause(PAUSE_MS * (1 + Math.random()));
  }
}

/** An answer, or why there was none. */
type Attempt = HttpAnswer | Error;

const isDecided = (attempt: Attempt): attempt is HttpAnswer => !(attempt instanceof Error) && attempt.status === 200;
const isFinal = (attempt: Attempt) => !(attempt instanceof Error) && !LATER.has(attempt.status);
const wordsOf = (attempt: Attempt) =>
  attempt instanceof Error ? attempt.message : `${attempt.status} ${attempt.text}`;

/** Runs `count` tasks, at most `atOnce` at a time, in order of their numbers. */
export async function inParallel<Result>(
  count: number,
  atOnce: number,
  task: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(count);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await task(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return results;
}
