import { unavailable } from './decider.ts';
import { sendWithRetry } from './retry.ts';
import type { Post } from './transport.ts';

/**
 * One call about one decision, retried until its time is over: safe, because each says the same thing however often it
 * arrives. Gives the JSON of the answer.
 *
 * @throws {DecisionUnavailable} for a refusal, and when nobody answers.
 */
export type Call = (path: string, body: string) => Promise<unknown>;

export function createCall(post: Post, timeoutMs: number): Call {
  return async (path, body) => {
    const answer = await sendWithRetry((text) => post(path, text), body, timeoutMs);
    if (!answer.ok) throw unavailable(answer.failure);
    return answer.value;
  };
}

/** An id is a part of the path here, so nothing else may pass for one. @throws {TypeError} */
export function checkedId(decisionId: string): string {
  if (!/^dec_[0-9a-f]{32}$/.test(decisionId))
    throw new TypeError('`decisionId` must be dec_ and 32 hexadecimal digits');
  return decisionId;
}
