import type { OrganizationId } from '@countersign/kernel';
import { ErasureRefused, ledgerStream, type Erasure } from '@countersign/ledger';
import { plainArray, safeInteger, textArray, type PipelinedTransaction, type Sql } from '@countersign/postgres';

/** An event that an erasure names. */
export interface NamedEvent {
  readonly position: bigint;
  readonly stream: string;
  readonly type: string;
}

/** Answers which of these streams are still needed as they are. Asked under the head's lock, through its transaction. */
export type NeededStreams = (
  transaction: PipelinedTransaction,
  organizationId: OrganizationId,
  streams: readonly string[],
) => Promise<ReadonlySet<string>>;

/** What of a ledger somebody still needs, and which therefore may not be erased. The ledger itself knows neither. */
export interface Needs {
  /** Streams whose contents an open hold still needs: not yet. */
  readonly neededStreams?: NeededStreams | undefined;
  /** Streams that people still judge by: not yet. */
  readonly judgedStreams?: NeededStreams | undefined;
  /** Types whose contents are never erased, because everything after them follows from them. */
  readonly isConfiguration?: ((type: string) => boolean) | undefined;
}

export function selectNamed(sql: Sql, organizationId: OrganizationId, positions: readonly number[]) {
  return sql<NamedEvent[]>`
    select position, stream, type from ledger.events
     where organization_id = ${organizationId}::text::uuid
       and position = any (${plainArray(positions)}::text::bigint[])`;
}

const nothingNeeded: NeededStreams = () => Promise.resolve(new Set());

interface ErasureCheck {
  readonly organizationId: OrganizationId;
  readonly erasure: Erasure;
  readonly named: readonly NamedEvent[];
  readonly transaction: PipelinedTransaction;
  readonly needs: Needs;
}

/** @throws {ErasureRefused} for the first position, as given, that may not be erased. */
export async function checkErasable({
  organizationId,
  erasure,
  named,
  transaction,
  needs: { neededStreams = nothingNeeded, judgedStreams = nothingNeeded, isConfiguration = () => false },
}: ErasureCheck): Promise<void> {
  const events = new Map(named.map((event) => [safeInteger(event.position), event]));
  const streams = [...new Set(named.map(({ stream }) => stream))];
  const needed = await neededStreams(transaction, organizationId, streams);
  const judged = await judgedStreams(transaction, organizationId, streams);
  for (const position of erasure.positions) {
    const event = events.get(position);
    if (!event) throw new ErasureRefused('ledger.erase_unknown', position);
    const { stream, type } = event;
    const kept: readonly (readonly [boolean, ErasureRefused['code']])[] = [
      [stream === ledgerStream(organizationId), 'ledger.erase_own_event'],
      [isConfiguration(type), 'ledger.erase_configuration'],
      [needed.has(stream), 'ledger.erase_open_hold'],
      [judged.has(stream), 'ledger.erase_open_approval'],
    ];
    const [, code] = kept.find(([isKept]) => isKept) ?? [];
    if (code) throw new ErasureRefused(code, position);
  }
}

/**
 * The decisions among these streams whose holds are open: what they hold is settled by what they say. Decision
 * `dec_<hex>` is told in the stream `decision-<hex>`.
 */
export const streamsWithOpenHolds: NeededStreams = async ({ sql, send }, organizationId, streams) => {
  const decisions = streams.map((stream) => stream.replace(/^decision-/, 'dec_'));
  const rows = await send(sql<{ decisionId: string }[]>`
    select decision_id as "decisionId" from enforcement.holds
     where organization_id = ${organizationId}::text::uuid
       and decision_id = any (${textArray(decisions)}::text::text[])`);
  return new Set(rows.map(({ decisionId }) => decisionId.replace(/^dec_/, 'decision-')));
};

/**
 * The streams among these that say what waits for people, or what a permit is for: of the decisions that ask, and of
 * their approvals.
 */
export const streamsWithOpenApprovals: NeededStreams = async ({ sql, send }, organizationId, streams) => {
  const rows = await send(sql<{ approvalId: string; details: string }[]>`
    select approval_id as "approvalId", details from enforcement.approvals
     where organization_id = ${organizationId}::text::uuid and status in ('pending', 'approved')`);
  const open = rows.flatMap(({ approvalId, details }) => {
    const { decisions } = JSON.parse(details) as { readonly decisions: readonly string[] };
    const asks = decisions.map((decision) => decision.replace(/^dec_/, 'decision-'));
    return [approvalId.replace(/^apr_/, 'approval-'), ...asks];
  });
  const named = new Set(streams);
  return new Set(open.filter((stream) => named.has(stream)));
};
