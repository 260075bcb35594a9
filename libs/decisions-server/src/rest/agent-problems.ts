import { problemsFrom, type ProblemCodes } from '@countersign/http';

const NOT_AUTHENTICATED = { status: 401, title: 'Not authenticated' } as const;
const NOT_FOUND = { status: 404, title: 'Not found' } as const;
const NOT_FOR_THIS_KEY = { status: 403, title: 'Not allowed with this key' } as const;
const NO_PERMIT = { status: 409, title: 'No permit to take' } as const;
const REQUEST_ID_USED = { status: 409, title: 'Request id already used' } as const;

/** Every problem the agents' surface makes by itself; those any request can meet are in `httpProblems`. */
export const agentProblems = {
  'key.unknown': {
    ...NOT_AUTHENTICATED,
    meaning: 'The request has no agent key, or one that does not exist.',
    remedy: 'Send a valid agent key: `Authorization: Bearer csk_…`.',
  },
  'key.revoked': {
    ...NOT_AUTHENTICATED,
    meaning: 'The agent key was revoked, or is not (any more) of an agent.',
    remedy: "Ask the agent's owner for a new key.",
  },
  'key.expired': {
    ...NOT_AUTHENTICATED,
    meaning: 'The agent key has expired.',
    remedy: "Ask the agent's owner for a new key.",
  },
  'key.scope': {
    ...NOT_FOR_THIS_KEY,
    meaning: 'The agent key has no scope for this: `act` decides and reports, `test` tries with `dryRun`.',
    remedy: 'Use a key with that scope.',
  },
  'key.user': {
    ...NOT_FOR_THIS_KEY,
    meaning: 'The agent key is bound to one user, and the action names another.',
    remedy: 'Leave `user` out, or use a key of the other user.',
  },
  'agent.too_fast': {
    status: 429,
    title: 'Too fast',
    meaning: 'The agent has its whole share of the queue waiting.',
    remedy: 'Ask again after `Retry-After`, with the same request id.',
  },
  'queue.full': {
    status: 503,
    title: 'Too busy',
    meaning: 'Too many requests of the organization are waiting.',
    remedy: 'Ask again after `Retry-After`, with the same request id.',
  },
  'request.reused': {
    ...REQUEST_ID_USED,
    meaning: 'The request id was used for another action.',
    remedy: 'Give every action a request id of its own.',
  },
  'request.closed': {
    ...REQUEST_ID_USED,
    meaning: 'The request id was decided, and that decision is no permission any more; `decision` is the one it had.',
    remedy: 'Use a new request id for a new action.',
  },
  'decision.failed': {
    status: 422,
    title: 'Could not be decided',
    meaning: 'This request made its decision fail; nothing of it was recorded, and no other request is affected.',
    remedy: 'Change what is unusual about the action, and tell the operator.',
  },
  'decision.not_found': {
    ...NOT_FOUND,
    meaning: 'There is no such decision of this agent.',
    remedy: 'Use the `id` that a decision was answered with.',
  },
  'outcome.not_allowed': {
    status: 409,
    title: 'Was not allowed',
    meaning: 'The action was not allowed, so there is no outcome of it.',
    remedy: 'Report outcomes of allowed actions only.',
  },
  'outcome.already_reported': {
    status: 409,
    title: 'Already reported',
    meaning: 'Another report of this action was taken before.',
    remedy: 'Nothing: the first report stands. People correct a wrong one.',
  },
  'outcome.cancelled_with_cost': {
    status: 422,
    title: 'Cancelled actions cost nothing',
    meaning: 'A report says that the action never started, and that it cost something.',
    remedy: 'Report `error` with the cost, or `cancelled` without one.',
  },
  'extension.not_running': {
    status: 409,
    title: 'Not running',
    meaning: 'The action was not allowed, or its hold has ended.',
    remedy: 'Ask for a new decision, with a new request id.',
  },
  'ask.not_pending': {
    status: 409,
    title: 'Not pending',
    meaning: 'The decision is no ask that waits for people.',
    remedy: 'Nothing: there is nothing to take back.',
  },
  'take.reused': {
    status: 409,
    title: 'Take id already used',
    meaning: 'The take id was used with another action.',
    remedy: 'Give every attempt to act a take id of its own.',
  },
  'permit.none': {
    ...NO_PERMIT,
    meaning: 'Nobody has approved the decision, so there is nothing to take.',
    remedy: 'Wait until the decision says `next: take`.',
  },
  'permit.taken': {
    ...NO_PERMIT,
    meaning: 'Another take has the permit.',
    remedy: 'Nothing: use one `takeId` for one attempt to act, and repeat that one.',
  },
  'permit.lapsed': {
    ...NO_PERMIT,
    meaning: 'The permit was not taken in time, or a policy of today blocks what it was for.',
    remedy: 'Ask again, with a new request id.',
  },
  'permit.withdrawn': {
    ...NO_PERMIT,
    meaning: 'Somebody took the approval back.',
    remedy: 'Do not act; ask whoever withdrew it.',
  },
  'approvals.question_not_found': {
    ...NOT_FOUND,
    meaning: 'There is no such question about the decision.',
    remedy: 'Use the `id` of a question in `approval.questions`.',
  },
  'approvals.already_answered': {
    status: 409,
    title: 'Already answered',
    meaning: 'The question was given another answer before.',
    remedy: 'Nothing: the first answer stands, because people may have judged by it.',
  },
  'receipt.not_signed_yet': {
    status: 503,
    title: 'Not signed yet',
    meaning: 'No checkpoint covers the decision yet.',
    remedy: 'Ask again after `Retry-After`; the signer is at most a second behind.',
  },
  'checkpoint.none': {
    ...NOT_FOUND,
    meaning: 'Nothing was signed yet.',
    remedy: 'Ask again in a second, or give the sizes of a proof yourself.',
  },
  'proof.out_of_range': {
    status: 400,
    title: 'Out of range',
    meaning: 'A position or size is beyond the end of the ledger, or the two do not fit together.',
    remedy: 'Keep `position` below `size`, `from` at most `to`, and both within the ledger.',
  },
} as const satisfies ProblemCodes;
export type AgentProblem = keyof typeof agentProblems;

/** Ends a request of an agent with one of these. */
export const agentProblem = problemsFrom<AgentProblem>(agentProblems);

/** Codes of a request's text that are ours alone; `field.*` and `json.*` are everybody's. */
export const bodyCodes = {
  'json.missing': 'A body is required, and nothing was sent.',
} as const;
