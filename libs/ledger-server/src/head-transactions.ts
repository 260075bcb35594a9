import type { OrganizationId } from '@countersign/kernel';
import {
  appendLeaves,
  encodeFrontier,
  leafHasher,
  needsOpenTile,
  treeHasher,
  type GrowingTree,
  type LedgerCrypto,
  type NewEvent,
  type RecordedEvent,
} from '@countersign/ledger';
import { inPipelinedTransaction, settled, type PipelinedTransaction, type Sql } from '@countersign/postgres';
import {
  insertEvents,
  insertNodes,
  insertPayloads,
  insertRequestKeys,
  insertTiles,
  updateHead,
  type RequestKey,
} from './append-statements.ts';
import { CommitUnknown, resolveLostCommit } from './lost-commit.ts';
import { LedgerAbsent, lockedHead, type HeadRow, type LockedHead } from './locked-head.ts';
import { readOpenTile } from './read-open-tile.ts';
import { OpenTiles } from './open-tiles.ts';

/** Everything one transaction adds. An empty list of events commits nothing and writes nothing. */
export interface Additions<Result> {
  readonly events: readonly NewEvent[];
  /** Index in `events` of the last one that changes configuration; -1 when none does. */
  readonly configurationIndex: number;
  /** Requests decided here: index in `events`. */
  readonly requestKeys: readonly { readonly key: string; readonly index: number }[];
  /** Sends the enforcement rows that follow from the events, in the flush that commits. */
  write(transaction: PipelinedTransaction): readonly Promise<unknown>[];
  /** Called once the commit is known, never before (I1). */
  result(recorded: readonly RecordedEvent[]): Result;
}

/** What is done under an organization's head lock: the one way in for batches of decisions and commands alike. */
export interface HeadWork<Loaded extends readonly unknown[], Result> {
  /** Reads sent right behind the lock, in the same flush: later statements, so they see what the wait let in. */
  load(transaction: PipelinedTransaction): { readonly [Index in keyof Loaded]: Promise<Loaded[Index]> };
  /** Judges what was loaded. May read more through the transaction; awaits nothing else. */
  decide(head: LockedHead, loaded: Loaded, transaction: PipelinedTransaction): Promise<Additions<Result>>;
  /** Told once everything up to COMMIT was handed to the driver: what is done now, the database does not wait for. */
  sent?(): void;
}

/**
 * Appends under the lock of design section 5: `SELECT … FOR NO KEY UPDATE` as a statement of its own, everything judged
 * read by later statements, one commit. A statement that locked and joined a counter would read the counter as it was
 * before the wait, and two replicas would spend the same money.
 */
export class HeadTransactions {
  readonly #leaves;
  readonly #nodes;
  readonly #openTiles = new OpenTiles();

  constructor(
    crypto: LedgerCrypto,
    private readonly processNow: () => number,
    /** Told after every commit that added events; must return at once and never throw. */
    private readonly appended: (organizationId: OrganizationId) => void = () => undefined,
  ) {
    this.#leaves = leafHasher(crypto);
    this.#nodes = treeHasher(crypto);
  }

  /**
   * Resolves once the commit is durable. A COMMIT that got no answer is looked up before anybody is told anything.
   *
   * @throws {LedgerAbsent} when the organization has no head row.
   * @throws {ClockUnsure} when time cannot be told.
   * @throws {NotCommitted} when the connection was lost and nothing was recorded.
   * @throws {CommitUnknown} when that could not be found out in time: repeat with the same request ids.
   */
  async run<Loaded extends readonly unknown[], Result>(
    sql: Sql,
    organizationId: OrganizationId,
    work: HeadWork<Loaded, Result>,
  ): Promise<Result> {
    try {
      return await inPipelinedTransaction(sql, (transaction) => this.#decide(transaction, organizationId, work));
    } catch (error) {
      if (!(error instanceof CommitUnknown)) throw error;
      await resolveLostCommit(sql, organizationId, error);
      return error.answer() as Result;
    }
  }

  /** Opens an organization's ledger: the row that everything else will lock. Opening twice is opening once. */
  async open(sql: Sql, organizationId: OrganizationId): Promise<void> {
    await inPipelinedTransaction(sql, async (transaction) => {
      await settled([
        transaction.send(setTenant(transaction.sql, organizationId)),
        transaction.send(transaction.sql`
          insert into ledger.heads (organization_id, size, root, frontier, recorded_at, epoch)
          values (${organizationId}::text::uuid, 0, ${this.#nodes.emptyRoot}::bytea, ''::bytea, 0, -1)
          on conflict do nothing`),
        transaction.commit(),
      ]);
    });
  }

  async #decide<Loaded extends readonly unknown[], Result>(
    transaction: PipelinedTransaction,
    organizationId: OrganizationId,
    work: HeadWork<Loaded, Result>,
  ): Promise<Result> {
    const [head, loaded] = await this.#lock(transaction, organizationId, work);
    const additions = await work.decide(head, loaded, transaction);
    if (additions.events.length > 0) return this.#append(transaction, head, additions, () => work.sent?.());

    await transaction.commit();
    return additions.result([]);
  }

  async #lock<Loaded extends readonly unknown[], Result>(
    transaction: PipelinedTransaction,
    organizationId: OrganizationId,
    work: HeadWork<Loaded, Result>,
  ): Promise<readonly [LockedHead, Loaded]> {
    const { sql } = transaction;
    const [, rows, clock, ...loaded] = await settled([
      transaction.send(setTenant(sql, organizationId)),
      transaction.send(sql<HeadRow[]>`
        select size, frontier, recorded_at as "recordedAt", epoch from ledger.heads
         where organization_id = ${organizationId}::text::uuid for no key update`),
      transaction.send(
        sql<{ now: bigint }[]>`select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
      ),
      ...(work.load(transaction) as readonly Promise<unknown>[]),
    ]);
    const row = rows[0];
    if (!row) throw new LedgerAbsent(`organization ${organizationId} has no ledger`);

    const reading = { databaseNow: clock[0]?.now ?? 0n, processNow: this.processNow() };
    return [lockedHead(organizationId, row, reading), loaded as unknown as Loaded];
  }

  async #append<Result>(
    transaction: PipelinedTransaction,
    head: LockedHead,
    additions: Additions<Result>,
    whenSent: () => void,
  ): Promise<Result> {
    const { organizationId, now: recordedAt } = head;
    const events = additions.events.map((event, index) => this.#record(head, event, index));
    const tree = await this.#grow(transaction, head, events);
    const epoch = additions.configurationIndex < 0 ? head.epoch : head.size + additions.configurationIndex;
    const batch = { organizationId, recordedAt, events };
    const requestKeys = additions.requestKeys.map(({ key, index }): RequestKey => ({
      key,
      position: head.size + index,
    }));

    const { sql, send } = transaction;
    const moved = {
      organizationId,
      recordedAt,
      epoch,
      size: tree.size,
      root: tree.root,
      frontier: encodeFrontier(tree.frontier),
    };
    const sent = [
      send(insertEvents(sql, batch)),
      send(insertPayloads(sql, batch)),
      ...(requestKeys.length > 0 ? [send(insertRequestKeys(sql, organizationId, requestKeys))] : []),
      ...(tree.tiles.length > 0 ? [send(insertTiles(sql, organizationId, tree.tiles))] : []),
      ...(tree.nodes.length > 0 ? [send(insertNodes(sql, organizationId, tree.nodes))] : []),
      ...additions.write(transaction),
      send(updateHead(sql, moved)),
    ];
    const answer = () => {
      this.#openTiles.remember(organizationId, tree.size, tree.openTile);
      this.appended(organizationId);
      return additions.result(events);
    };
    const committed = this.#commit(transaction, sent, { event: events[0] as RecordedEvent, answer });
    whenSent();
    await committed;
    return answer();
  }

  /** Everything before COMMIT must have succeeded; only a COMMIT that got no answer is an open question. */
  async #commit(transaction: PipelinedTransaction, sent: readonly Promise<unknown>[], first: FirstOfBatch) {
    const committed = transaction.commit().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const results = await Promise.allSettled(sent);
    const failure = await committed;
    const refused = results.find((result) => result.status === 'rejected');
    // A statement that Postgres itself refused rolled the transaction back, whatever happened to the connection then.
    if (refused && isAnswer(refused.reason)) throw refused.reason;
    if (failure) throw new CommitUnknown(first.event, first.answer, failure.error);
    if (refused) throw refused.reason;
  }

  #record(head: LockedHead, event: NewEvent, index: number): RecordedEvent {
    const { id, stream, streamVersion, type, schemaVersion, actor, salt, payload } = event;
    const { organizationId, size, now: recordedAt } = head;
    const position = size + index;
    const content = { salt, payload };
    const commitment = this.#leaves.commitment(content);
    return {
      organizationId,
      position,
      id,
      stream,
      streamVersion,
      type,
      schemaVersion,
      actor,
      recordedAt,
      commitment,
      content,
    };
  }

  async #grow(transaction: PipelinedTransaction, head: LockedHead, events: readonly RecordedEvent[]) {
    const leafHashes = events.map((event) => this.#leaves.leafHash(event, event.commitment));
    return appendLeaves(this.#nodes, await this.#treeOf(transaction, head, events.length), leafHashes);
  }

  async #treeOf(transaction: PipelinedTransaction, head: LockedHead, count: number): Promise<GrowingTree> {
    if (head.size === 0) return head.tree;
    const known = this.#openTiles.at(head.organizationId, head.size);
    if (known || !needsOpenTile(head.size, count)) return { ...head.tree, openTile: known };
    return { ...head.tree, openTile: await readOpenTile(transaction, head, this.#leaves) };
  }
}

/** How to recognize a batch later, and what to answer once it is known to be there. */
interface FirstOfBatch {
  readonly event: RecordedEvent;
  readonly answer: () => unknown;
}

export const setTenant = (sql: Sql, organizationId: OrganizationId) =>
  sql`select set_config('countersign.tenant', ${organizationId}::text, true)`;

/** What Postgres itself answered. A driver's or socket's error may look alike (`EPIPE`) and says nothing of the transaction. */
const isAnswer = (error: unknown) => error instanceof Error && error.name === 'PostgresError';
