import type { OrganizationId } from '@countersign/kernel';
import type { RecordedEvent } from '@countersign/ledger';
import { inPipelinedTransaction, settled, type Sql } from '@countersign/postgres';

/** How long a caller waits to hear what became of a COMMIT without an answer. */
const RESOLVE_MILLISECONDS = 2_000;
const PAUSE_MILLISECONDS = 50;

/** The connection died after COMMIT was sent. The batch is recorded or it is not; repeating its request ids tells. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
  readonly code = 'decision.unknown';

  constructor(
    readonly first: RecordedEvent,
    readonly answer: () => unknown,
    cause: unknown,
  ) {
    super('the connection was lost while committing', { cause });
  }
}

/** The connection died and nothing of the batch was recorded. Asking again is safe. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted';
  readonly code = 'decision.not_recorded';
}

/**
 * Finds out what became of a COMMIT without an answer: takes the lock, so that the old session has ended one way or
 * the other, and looks whether the batch's first event is where it would be.
 *
 * @returns when the batch was committed.
 * @throws {NotCommitted} when it was not.
 * @throws {CommitUnknown} the one given, when that could not be found out in two seconds.
 */
export async function resolveLostCommit(
  sql: Sql,
  organizationId: OrganizationId,
  unknown: CommitUnknown,
): Promise<void> {
  const deadline = performance.now() + RESOLVE_MILLISECONDS;
  while (performance.now() < deadline) {
    const isThere = await within(deadline, isCommitted(sql, organizationId, unknown.first));
    if (isThere === true) return;
    if (isThere === false) throw new NotCommitted('nothing was recorded', { cause: unknown });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
  throw unknown;
}

/** Undefined means that it could not be asked. */
async function within(deadline: number, asked: Promise<boolean>): Promise<boolean | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, deadline - performance.now(), undefined);
  });
  return Promise.race([asked.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

function isCommitted(sql: Sql, organizationId: OrganizationId, first: RecordedEvent): Promise<boolean> {
  return inPipelinedTransaction(sql, async ({ sql: session, send, commit }) => {
    const [, , found] = await settled([
      send(session`select set_config('countersign.tenant', ${organizationId}::text, true)`),
      send(session`select from ledger.heads where organization_id = ${organizationId}::text::uuid for no key update`),
      send(session<{ id: string }[]>`
        select id from ledger.events
         where organization_id = ${organizationId}::text::uuid and position = ${String(first.position)}::text::bigint`),
      commit(),
    ]);
    return found[0]?.id === first.id;
  });
}
