import { asked, approval, taken, type Handler, type Received, type Reply } from './fake-api.mother.ts';
import type { Action } from './wire.ts';

type Answer = Reply | Readonly<Record<string, unknown>>;

/** What the fake api says of one ask, step by step; a step's last answer is repeated. */
export interface Script {
  /** To the question itself. Left out: it waits. */
  readonly decided?: readonly Answer[];
  /** To each look at it. */
  readonly seen?: readonly Answer[];
  /** To each take of its permit. Left out: it is taken. */
  readonly takes?: readonly Answer[];
  /** To each answer to an approver. */
  readonly answers?: readonly Answer[];
}

export const ASK_ID = `dec_${'a'.repeat(32)}`;

/** A look at it, with the action that the ask was about. */
export const pending = (changes = {}) => ({ state: 'pending', next: 'wait', approval: approval(changes) });
export const approved = (changes = {}) => ({
  state: 'approved',
  next: 'take',
  approval: approval({ state: 'approved', permitExpiresAt: '2100-01-01T01:00:00.000Z', ...changes }),
});
export const settled = (state: string, changes = {}) => ({
  state,
  next: 'stop',
  approval: approval({ state, ...changes }),
});
/** With fifteen minutes to act. */
export const withPermit = (changes = {}) => ({
  state: 'taken',
  next: 'act',
  approval: approval({ state: 'taken' }),
  hold: { expiresAt: '2026-11-20T09:25:00.000Z' },
  validUntil: '2026-11-20T09:25:00.000Z',
  takenAt: '2026-11-20T09:10:00.000Z',
  ...changes,
});

/** Plays a script; everything about one ask has its id and its request. */
export function people({
  decided = [{}],
  seen = [pending()],
  takes = [withPermit()],
  answers = [{}],
}: Script): Handler {
  let action: Action = { intent: 'refund.issue', requestId: 'refund-1009' };
  const steps = { decided: stepsOf(decided), seen: stepsOf(seen), takes: stepsOf(takes), answers: stepsOf(answers) };
  const view = (changes: object) => asked('pending', 'wait', { id: ASK_ID, requestId: action.requestId, ...changes });
  const detail = (answer: Answer): Reply =>
    isReply(answer) ? answer : { body: { action: { ...action, requestId: undefined }, ...view(answer) } };

  return (received: Received) => {
    const { path, body } = received;
    if (path === '/v1/outcomes/batch') return taken(body.outcomes);
    if (path === '/v1/decisions/batch') {
      [action = action] = body.actions;
      const answer = steps.decided();
      return isReply(answer) ? answer : { body: { decisions: [{ ok: true, decision: view(answer) }] } };
    }
    if (path.endsWith('/take')) return detail(steps.takes());
    if (path.endsWith('/answers')) return detail(steps.answers());
    return detail(steps.seen());
  };
}

function stepsOf(answers: readonly Answer[]): () => Answer {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)] ?? {};
}

/** A reply has a body or a status; what says neither is a change to the view. */
const isReply = (answer: Answer): answer is Reply =>
  typeof answer === 'string' || 'body' in answer || 'status' in answer;
