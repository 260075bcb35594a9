import type { OrganizationId } from '@countersign/kernel';
import {
  Ledger,
  ledgerStream,
  StreamConflict,
  type Erasure,
  type LedgerCrypto,
  type NewEvent,
  type PositionWindow,
  type RecordedEvent,
  type TreeHead,
} from '@countersign/ledger';
import { textArray, type PipelinedTransaction, type Sql } from '@countersign/postgres';
import { checkErasable, selectNamed, type Needs } from './erasable.ts';
import type { Additions, HeadTransactions, HeadWork } from './head-transactions.ts';
import { LedgerReader } from './ledger-reader.ts';
import type { LockedHead } from './locked-head.ts';
import { ownEvent } from './own-stream.ts';

export interface PostgresLedgerParts extends Needs {
  /** For what takes the head's lock. */
  readonly commands: Sql;
  readonly reads: Sql;
  readonly transactions: HeadTransactions;
  readonly crypto: LedgerCrypto;
}

interface StreamVersion {
  readonly stream: string;
  readonly version: number;
}

/**
 * Ledgers in Postgres. An organization's ledger is opened once (`HeadTransactions.open`) before anything is appended.
 *
 * `append` is for the ledger's own events: what changes enforcement appends through `HeadTransactions`, with its rows.
 */
export class PostgresLedger extends Ledger {
  readonly #reader: LedgerReader;

  constructor(private readonly parts: PostgresLedgerParts) {
    super();
    this.#reader = new LedgerReader(parts.reads, parts.crypto);
  }

  override append(organizationId: OrganizationId, events: readonly NewEvent[]): Promise<readonly RecordedEvent[]> {
    const streams = [...new Set(events.map(({ stream }) => stream))];
    return this.#run(organizationId, {
      load: (transaction) => [transaction.send(selectVersions(transaction.sql, organizationId, streams))],
      decide: async (_head, [versions]) => {
        checkVersions(versions, events);
        return only(events);
      },
    });
  }

  override readStream(organizationId: OrganizationId, stream: string): Promise<readonly RecordedEvent[]> {
    return this.#reader.stream(organizationId, stream);
  }

  override readPositions(organizationId: OrganizationId, window: PositionWindow): Promise<readonly RecordedEvent[]> {
    return this.#reader.positions(organizationId, window);
  }

  override head(organizationId: OrganizationId): Promise<TreeHead> {
    return this.#reader.head(organizationId);
  }

  override inclusionProof(organizationId: OrganizationId, position: number, size: number) {
    return this.#reader.inclusion(organizationId, position, size);
  }

  override consistencyProof(organizationId: OrganizationId, from: number, to: number) {
    return this.#reader.consistency(organizationId, from, to);
  }

  override async erase(organizationId: OrganizationId, erasure: Erasure): Promise<RecordedEvent> {
    const own = ledgerStream(organizationId);
    const [recorded] = await this.#run(organizationId, {
      load: (transaction) => [
        transaction.send(selectVersions(transaction.sql, organizationId, [own])),
        transaction.send(selectNamed(transaction.sql, organizationId, erasure.positions)),
      ],
      decide: async (head, [versions, named], transaction) => {
        await checkErasable({ organizationId, erasure, named, transaction, needs: this.parts });
        return erasing(head, erasure, (versions[0]?.version ?? 0) + 1);
      },
    });
    return recorded as RecordedEvent;
  }

  #run<Loaded extends readonly unknown[]>(
    organizationId: OrganizationId,
    work: HeadWork<Loaded, readonly RecordedEvent[]>,
  ): Promise<readonly RecordedEvent[]> {
    const { transactions, commands } = this.parts;
    return transactions.run(commands, organizationId, work);
  }
}

/** The last version of each stream; one nobody wrote to yet is absent. */
function selectVersions(sql: Sql, organizationId: OrganizationId, streams: readonly string[]) {
  return sql<StreamVersion[]>`
    select wanted.stream, last.version
      from unnest(${textArray(streams)}::text::text[]) as wanted (stream),
           lateral (select e.stream_version as version from ledger.events e
                     where e.organization_id = ${organizationId}::text::uuid and e.stream = wanted.stream
                     order by e.stream_version desc limit 1) as last`;
}

function checkVersions(versions: readonly StreamVersion[], events: readonly NewEvent[]): void {
  const last = new Map(versions.map(({ stream, version }) => [stream, version]));
  for (const { stream, streamVersion } of events) {
    if (streamVersion !== (last.get(stream) ?? 0) + 1) throw new StreamConflict(stream, streamVersion);
    last.set(stream, streamVersion);
  }
}

function only(events: readonly NewEvent[]): Additions<readonly RecordedEvent[]> {
  return { events, configurationIndex: -1, requestKeys: [], write: () => [], result: (recorded) => recorded };
}

/** The event first, then the removal, in one flush: `ledger.erase` removes only what a recorded event names. */
function erasing({ organizationId, size, now }: LockedHead, erasure: Erasure, streamVersion: number) {
  const { positions, reason, actor } = erasure;
  const place = { organizationId, streamVersion, actor, at: now };
  const event = ownEvent(place, { type: 'PayloadErased', data: { positions: [...positions], reason } });
  const write = ({ sql, send }: PipelinedTransaction) => [
    send(sql`select ledger.erase(${organizationId}::text::uuid, ${String(size)}::text::bigint)`),
  ];
  return { ...only([event]), write };
}
