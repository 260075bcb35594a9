import { httpProblems, problemsFrom, type ProblemAnswer } from '@countersign/http';
import { CommitUnknown, LedgerAbsent, NotCommitted, ClockUnsure } from '@countersign/ledger-server';
import { QueueRefused } from '../application/decider.ts';
import { DecisionFailed, KeyRefused } from '../application/pending.ts';
import { agentProblem } from './agent-problems.ts';

const httpProblem = problemsFrom(httpProblems);

/** Says in words why a request got no answer. Errors that are not ours are left to the filter. */
export function faultProblem(error: unknown): unknown {
  if (error instanceof KeyRefused) return keyProblem(error);
  if (error instanceof QueueRefused)
    return agentProblem(error.code, `${error.message}: wait a moment and ask again with the same request id`);
  if (error instanceof DecisionFailed)
    return agentProblem(
      error.code,
      'this request made its decision fail and nothing was recorded; the others of its batch are not affected',
    );
  if (error instanceof LedgerAbsent) return unauthenticated();
  return ledgerProblem(error);
}

/** What the ledger could not do just now. Asking again with the same request id never decides twice. */
function ledgerProblem(error: unknown): unknown {
  if (error instanceof NotCommitted)
    return httpProblem(error.code, 'the connection to the database was lost and nothing was recorded: ask again');
  if (error instanceof CommitUnknown)
    return httpProblem(
      error.code,
      'the connection to the database was lost while recording: ask again with the same request id',
    );
  if (error instanceof ClockUnsure)
    return httpProblem(
      error.code,
      'the clocks of the database and of this server do not agree, so nothing is decided: ask again later',
    );
  return error;
}

function keyProblem({ code, why, message }: KeyRefused): ProblemAnswer {
  const isForOthers = why === 'scope' || why === 'user';
  return agentProblem(code, isForOthers ? message : `${message}: ask the agent's owner for a new one`);
}

export const unauthenticated = () =>
  agentProblem('key.unknown', 'send a valid agent key: `Authorization: Bearer csk_…`');
