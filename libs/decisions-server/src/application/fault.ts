import { ClockUnsure, CommitUnknown, LedgerAbsent, NotCommitted } from '@countersign/ledger-server';
import { ConnectionLost } from '@countersign/postgres';

/** Faults of ours that say something about the moment or the ledger, and nothing about a request. */
const worldly = [ClockUnsure, CommitUnknown, ConnectionLost, LedgerAbsent, NotCommitted];

/**
 * SQLSTATEs in which Postgres cannot work just now, whatever it was given: connections (08), conflicts between
 * transactions (40), resources (53), somebody's intervention, timeouts of statements among them (57), its own system
 * (58), a lock that was not had (55P03), a session that was ended while idle (25P03), a server that became a standby
 * (25006).
 */
const AWAY = /^(08...|40...|53...|57...|58...|55P03|25P03|25006)$/;

/** Codes of the driver and of sockets. A SQLSTATE is five characters, and never begins so. */
const UNREACHABLE =
  /^(CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|ECONN[A-Z]+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/**
 * Whether something in the batch may be to blame: then the batch is decided one by one. That is whatever is not known
 * to be the world's doing. To decide alone what failed for another reason costs a few transactions; to believe that a
 * fault will pass which one request brings along would let an agent stop all others for as long as it repeats it.
 */
export function isCulpable(error: unknown): boolean {
  if (worldly.some((Fault) => error instanceof Fault)) return false;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !AWAY.test(code) && !UNREACHABLE.test(code);
}
