import { randomBytes, uuidv7 } from '@countersign/crypto';
import type { Actor, EventId, Instant, OrganizationId } from '@countersign/kernel';
import {
  ledgerStream,
  rootOf,
  StreamConflict,
  treeHasher,
  type LedgerCrypto,
  type LedgerEvent,
  type NewEvent,
  type RecordedEvent,
  type TreeHead,
} from '@countersign/ledger';
import type { Sql } from '@countersign/postgres';
import type { HeadTransactions } from './head-transactions.ts';

/** How often another writer of the ledger's own stream may come first. */
const ATTEMPTS_MAX = 3;

/** Where in its own stream an event goes, who caused it, and when. */
export interface OwnPlace {
  readonly organizationId: OrganizationId;
  readonly streamVersion: number;
  readonly actor: Actor;
  readonly at: Instant;
}

/** One event of the ledger's own stream, ready to be appended. */
export function ownEvent({ organizationId, streamVersion, actor, at }: OwnPlace, event: LedgerEvent): NewEvent {
  return {
    id: uuidv7(at) as EventId,
    stream: ledgerStream(organizationId),
    streamVersion,
    type: event.type,
    schemaVersion: 1,
    actor,
    payload: JSON.stringify(event.data),
    salt: randomBytes(32),
  };
}

/** Events that follow from what the own stream said up to `version`; `at` is given the head they are appended to. */
export interface OwnEvents {
  readonly version: number;
  readonly at: (head: TreeHead) => readonly LedgerEvent[];
}

/** Appends what happens to a ledger itself: keys and restores. */
export class OwnStream {
  readonly #nodes;

  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
    crypto: LedgerCrypto,
  ) {
    this.#nodes = treeHasher(crypto);
  }

  /**
   * `prepare` runs before the lock, so it may read, and wait for a key service. If the own stream has grown by the time
   * the lock is held, it runs again.
   *
   * @throws {StreamConflict} when others came first three times in a row.
   */
  async append(
    organizationId: OrganizationId,
    actor: Actor,
    prepare: () => Promise<OwnEvents>,
  ): Promise<readonly RecordedEvent[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#append(organizationId, actor, await prepare());
      } catch (error) {
        if (!(error instanceof StreamConflict) || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  #append(organizationId: OrganizationId, actor: Actor, { version, at }: OwnEvents): Promise<readonly RecordedEvent[]> {
    const stream = ledgerStream(organizationId);
    return this.transactions.run(this.sql, organizationId, {
      load: ({ sql, send }) => [
        send(sql<{ version: number }[]>`
          select coalesce(max(stream_version), 0)::int as version from ledger.events
           where organization_id = ${organizationId}::text::uuid and stream = ${stream}::text`),
      ],
      decide: async (head, [rows]) => {
        if (rows[0]?.version !== version) throw new StreamConflict(stream, version + 1);
        const root = rootOf(this.#nodes, head.tree.frontier);
        const events = at({ size: head.size, root }).map((event, index) =>
          ownEvent({ organizationId, streamVersion: version + 1 + index, actor, at: head.now }, event),
        );
        return { events, configurationIndex: -1, requestKeys: [], write: () => [], result: (recorded) => recorded };
      },
    });
  }
}
