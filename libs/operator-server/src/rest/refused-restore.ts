import { problemsFrom } from '@countersign/http';
import { LedgerFormatError } from '@countersign/ledger';
import { NothingLost, SigningKeyUnavailable } from '@countersign/ledger-server/signing';
import { operatorProblems } from './operator-problems.ts';

const problem = problemsFrom(operatorProblems);

/** What of a restore whoever asked can do something about, as problems; anything else as it came. */
export function refusedRestore(error: unknown): never {
  if (error instanceof LedgerFormatError) throw problem('ledger.checkpoint_unusable', error.message);
  if (error instanceof NothingLost) throw problem('ledger.nothing_lost', `nothing was done: ${error.message}`);
  if (error instanceof SigningKeyUnavailable) throw problem('ledger.key_unavailable', error.message);
  throw error;
}
