import { timedOut, type Answer, type Failure } from './failure.ts';
import type { Lane } from './lane.ts';

/** First pause about 50 to 100 ms, doubling to at most 2 s: a restart of the server takes seconds. */
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 2_000;

/** Spread over the callers that a busy server turned away at the same moment. */
const JITTER_MAX_MS = 250;

/** What the server asked for and a little more, else exponential; both with jitter. `attempt` counts from 1. */
export function pauseMs({ retryAfterMs }: Failure, attempt: number): number {
  if (retryAfterMs !== null) return retryAfterMs + Math.random() * Math.min(JITTER_MAX_MS, retryAfterMs + 50);
  const most = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return most * (0.5 + Math.random() / 2);
}

/**
 * Sends the same text again until it is answered, refused for good, or `timeoutMs` are over; pauses that would end
 * after that are not begun. Safe only because the text carries an id that the server decides at most once.
 */
export async function sendWithRetry(
  lane: Lane,
  body: string,
  timeoutMs: number,
): Promise<Answer & { attempts: number }> {
  const deadline = performance.now() + timeoutMs;
  for (let attempts = 1; ; attempts += 1) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return { ok: false, failure: timedOut(timeoutMs), attempts };

    const answer = await lane(body, leftMs);
    if (answer.ok || !answer.failure.isRetryable) return { ...answer, attempts };
    const wait = pauseMs(answer.failure, attempts);
    if (performance.now() + wait >= deadline) return { ...answer, attempts };
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
