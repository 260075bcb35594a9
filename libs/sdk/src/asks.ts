import { checkedId, type Call } from './call.ts';
import { unavailable } from './decider.ts';
import { encode } from './encode.ts';
import { DecisionUnavailable } from './errors.ts';
import { isRecord, unreadable } from './failure.ts';
import { readDetail } from './read-answer.ts';
import type { Wait } from './wait.ts';
import { checkWaiting, type Waiting } from './waiting.ts';
import type { DecisionDetail, QuestionAnswer, Take } from './wire.ts';

/** What can be done about an ask, step by step. `guard` does all of it. */
export interface Asks {
  /**
   * Waits until people have settled the ask, or until there is no time left: then `next` still says `wait`. Of a
   * decision that waits for nobody it gives how that stands now, with its action as people left it.
   *
   * @throws {DecisionUnavailable} when it cannot be known how it stands.
   */
  readonly wait: (decisionId: string, waiting?: Waiting) => Promise<DecisionDetail>;
  /**
   * Takes the permit of an approved ask: act only if `next` says so. A `block` was judged at the take, and leaves the
   * permit unless a policy of today blocks the action.
   *
   * @throws {DecisionUnavailable} with a `permit.*` code where there is no permit to take; and without an answer: then
   * repeat it with the same `takeId`.
   */
  readonly take: (decisionId: string, take: Take) => Promise<DecisionDetail>;
  /** @throws {DecisionUnavailable} for a question that is not there, or was answered in other words. */
  readonly answer: (decisionId: string, answer: QuestionAnswer) => Promise<DecisionDetail>;
  /** Takes an ask back while it waits. @throws {DecisionUnavailable} once it does not wait any more. */
  readonly cancel: (decisionId: string) => Promise<void>;
}

export function createAsks(call: Call, wait: Wait): Asks {
  const detail = async (decisionId: string, step: string, body: string) => {
    const answer = await call(`/v1/decisions/${checkedId(decisionId)}/${step}`, body);
    return readDetail(answer, decisionId) ?? fail();
  };

  return {
    wait: async (decisionId, waiting = {}) => {
      checkWaiting(waiting);
      const { decision, cause } = await wait({ decisionId: checkedId(decisionId) }, waiting);
      if (decision) return decision;
      throw new DecisionUnavailable('the waiting was ended before anything was known', { code: 'client.ended', cause });
    },
    take: (decisionId, { takeId, action: { requestId, ...action } }) => {
      const { intent, target, args, cost, run, user, tags, reason, context } = action;
      const whole = { requestId, intent, target, args, cost, run, user, tags, reason, context };
      return detail(decisionId, 'take', encode({ takeId, action: whole }, DecisionUnavailable));
    },
    answer: (decisionId, { questionId, answerId, text }) =>
      detail(decisionId, 'answers', encode({ questionId, answerId, text }, DecisionUnavailable)),
    cancel: async (decisionId) => {
      const answer = await call(`/v1/decisions/${checkedId(decisionId)}/cancel`, '{}');
      if (!isRecord(answer) || answer['id'] !== decisionId || answer['state'] !== 'cancelled') fail();
    },
  };
}

function fail(): never {
  throw unavailable(unreadable('it is no answer about this decision'));
}
