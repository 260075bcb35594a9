import { ProblemAnswer } from '@countersign/http';
import { CommitUnknown, LedgerAbsent, NotCommitted, ClockUnsure } from '@countersign/ledger-server';
import { QueueRefused } from '../application/decider.ts';
import { DecisionFailed, KeyRefused } from '../application/pending.ts';

const refused = (status: number, code: string, title: string, detail: string) => new ProblemAnswer({ status, code, title, detail });

/** Says in words why a request got no answer. Errors that are not ours are left to the filter. */
export function faultProblem(error: unknown): unknown {
  if (error instanceof KeyRefused) return keyProblem(error);
  if (error instanceof QueueRefused)
    return refused(error.code === 'queue.full' ? 503 : 429, error.code, 'Too busy', `${error.message}: wait a moment and ask again with the same request id`);
  if (error instanceof DecisionFailed)
    return refused(422, error.code, 'Could not be decided', 'this request made its decision fail and nothing was recorded; the others of its batch are not affected');
  if (error instanceof NotCommitted)
    return refused(503, error.code, 'Not recorded', 'the connection to the database was lost and nothing was recorded: ask again');
  if (error instanceof CommitUnknown)
    return refused(503, error.code, 'Unknown', 'the connection to the database was lost while recording: ask again with the same request id');
  if (error instanceof ClockUnsure)
    return refused(503, error.code, 'Clock unsure', 'the clocks of the database and of this server do not agree, so nothing is decided: ask again later');
  if (error instanceof LedgerAbsent) return unauthenticated();
  return error;
}

function keyProblem({ code, why, message }: KeyRefused): ProblemAnswer {
  if (why === 'scope' || why === 'user') return refused(403, code, 'Not allowed with this key', message);
  return refused(401, code, 'Not authenticated', `${message}: ask the agent's owner for a new one`);
}

export const unauthenticated = () =>
  refused(401, 'key.unknown', 'Not authenticated', 'send a valid agent key: `Authorization: Bearer csk_…`');
