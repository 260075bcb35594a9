import { isContentRefused, isRecord, refused, timedOut, unreadable, type Answer } from './failure.ts';
import type { Post } from './transport.ts';

/** Where calls of one kind go, and the words their batch is written in. */
export interface Route {
  readonly path: string;
  /** The request's list. */
  readonly sent: string;
  /** The answer's list, and the field of one good answer in it. */
  readonly answered: string;
  readonly item: string;
}

/** One attempt for one call, sent together with whatever else waits. Never rejects. */
export type Lane = (body: string, timeoutMs: number) => Promise<Answer>;

/** The server's limits are 500 calls and 4 MiB; half of it leaves room for UTF-8. */
const CALLS_MAX = 500;
const CHARACTERS_MAX = 1_048_576;

/** Enough that one slow request does not hold up the rest, few enough that calls still gather. */
const IN_FLIGHT_MAX = 4;

interface Waiting {
  readonly body: string;
  readonly settle: (answer: Answer) => void;
  hasSettled: boolean;
}

/**
 * Gathers calls made in one tick, or while enough requests are in flight, into one request. Nobody waits on a timer.
 * Calls are sent in the order of their arrival; a call whose time is up before it was sent is never sent.
 */
export function createLane(post: Post, route: Route): Lane {
  let queue: Waiting[] = [];
  let inFlight = 0;

  const dispatch = () => {
    queue = queue.filter(({ hasSettled }) => !hasSettled);
    while (queue.length > 0 && inFlight < IN_FLIGHT_MAX) {
      inFlight += 1;
      void deliver(post, route, queue.splice(0, batchLength(queue))).finally(() => {
        inFlight -= 1;
        dispatch();
      });
    }
  };

  return (body, timeoutMs) =>
    new Promise((resolve) => {
      const call = waiting(body, timeoutMs, resolve);
      queue.push(call);
      // With others before it, one is scheduled already, or follows the next answer.
      if (queue.length === 1) queueMicrotask(dispatch);
    });
}

function waiting(body: string, timeoutMs: number, resolve: (answer: Answer) => void): Waiting {
  const late = setTimeout(() => call.settle({ ok: false, failure: timedOut(timeoutMs) }), timeoutMs);
  const call: Waiting = {
    body,
    hasSettled: false,
    settle: (answer) => {
      call.hasSettled = true;
      clearTimeout(late);
      resolve(answer);
    },
  };
  return call;
}

function batchLength(queue: readonly Waiting[]): number {
  let characters = 0;
  const end = queue.findIndex(({ body }, index) => {
    characters += body.length;
    return index === CALLS_MAX || (index > 0 && characters > CHARACTERS_MAX);
  });
  return end === -1 ? queue.length : end;
}

/** A batch refused for its content is halved until the culprit stands alone: one bad call never costs the others theirs. */
async function deliver(post: Post, route: Route, calls: readonly Waiting[]): Promise<void> {
  const answer = await post(route.path, `{"${route.sent}":[${calls.map(({ body }) => body).join()}]}`);
  if (!answer.ok && calls.length > 1 && isContentRefused(answer.failure)) {
    const middle = Math.ceil(calls.length / 2);
    await Promise.all([deliver(post, route, calls.slice(0, middle)), deliver(post, route, calls.slice(middle))]);
    return;
  }
  const answers = answersOf(answer, route, calls.length);
  calls.forEach((call, index) => call.settle(answers[index] ?? missing));
}

const missing: Answer = { ok: false, failure: unreadable('it answers another number of calls than were sent') };

function answersOf(answer: Answer, route: Route, count: number): readonly Answer[] {
  if (!answer.ok) return new Array<Answer>(count).fill(answer);
  const items = isRecord(answer.value) ? answer.value[route.answered] : undefined;
  return Array.isArray(items) && items.length === count ? items.map((item) => answerOf(item, route)) : [];
}

function answerOf(item: unknown, route: Route): Answer {
  if (isRecord(item) && item['ok'] === true) return { ok: true, value: item[route.item] };
  if (!isRecord(item) || item['ok'] !== false) return { ok: false, failure: unreadable('it is neither yes nor no') };

  const { problem } = item;
  const status = isRecord(problem) && typeof problem['status'] === 'number' ? problem['status'] : 500;
  return { ok: false, failure: refused(status, problem, null) };
}
