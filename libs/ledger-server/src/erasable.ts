import type { OrganizationId } from '@countersign/kernel';
import { ErasureRefused, ledgerStream, type Erasure } from '@countersign/ledger';
import { plainArray, safeInteger, textArray, type PipelinedTransaction, type Sql } from '@countersign/postgres';

/** An event that an erasure names. */
export interface NamedEvent {
  readonly position: bigint;
  readonly stream: string;
}

/** Answers which of these streams are still needed as they are. Asked under the head's lock, through its transaction. */
export type NeededStreams = (
  transaction: PipelinedTransaction,
  organizationId: OrganizationId,
  streams: readonly string[],
) => Promise<ReadonlySet<string>>;

export function selectNamed(sql: Sql, organizationId: OrganizationId, positions: readonly number[]) {
  return sql<NamedEvent[]>`
    select position, stream from ledger.events
     where organization_id = ${organizationId}::text::uuid
       and position = any (${plainArray(positions)}::text::bigint[])`;
}

interface ErasureCheck {
  readonly organizationId: OrganizationId;
  readonly erasure: Erasure;
  readonly named: readonly NamedEvent[];
  readonly transaction: PipelinedTransaction;
  readonly neededStreams: NeededStreams | undefined;
}

/** @throws {ErasureRefused} for the first position, as given, that may not be erased. */
export async function checkErasable({
  organizationId,
  erasure,
  named,
  transaction,
  neededStreams,
}: ErasureCheck): Promise<void> {
  const streams = new Map(named.map(({ position, stream }) => [safeInteger(position), stream]));
  const needed = (await neededStreams?.(transaction, organizationId, [...new Set(streams.values())])) ?? new Set();
  for (const position of erasure.positions) {
    const stream = streams.get(position);
    if (stream === undefined) throw new ErasureRefused('ledger.erase_unknown', position);
    if (stream === ledgerStream(organizationId)) throw new ErasureRefused('ledger.erase_own_event', position);
    if (needed.has(stream)) throw new ErasureRefused('ledger.erase_open_hold', position);
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
