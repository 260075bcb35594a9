import type { OrganizationId } from '@countersign/kernel';
import {
  leafHasher,
  planConsistency,
  planInclusion,
  planRoot,
  treeHasher,
  type LedgerCrypto,
  type PositionWindow,
  type ProofPlan,
  type RecordedEvent,
  type TreeHead,
} from '@countersign/ledger';
import { inTenant, safeInteger, type Sql, type Transaction } from '@countersign/postgres';
import { plainBytes, toRecorded } from './event-rows.ts';
import { selectHead, selectPositions, selectStream } from './event-statements.ts';
import { loadNodes } from './tree-rows.ts';

/** Reads ledgers as they are committed, each question in a short transaction of its own. Takes no lock. */
export class LedgerReader {
  readonly #leaves;
  readonly #nodes;

  constructor(
    private readonly reads: Sql,
    crypto: LedgerCrypto,
  ) {
    this.#leaves = leafHasher(crypto);
    this.#nodes = treeHasher(crypto);
  }

  /** Runs several reads in one transaction. */
  within<Result>(organizationId: OrganizationId, work: (sql: Transaction) => Promise<Result>): Promise<Result> {
    return inTenant(this.reads, organizationId, work);
  }

  head(organizationId: OrganizationId): Promise<TreeHead> {
    return this.within(organizationId, (sql) => this.headIn(sql, organizationId));
  }

  async headIn(sql: Transaction, organizationId: OrganizationId): Promise<TreeHead> {
    const [row] = await selectHead(sql, organizationId);
    return row ? { size: safeInteger(row.size), root: plainBytes(row.root) } : { size: 0, root: this.#nodes.emptyRoot };
  }

  async positions(organizationId: OrganizationId, { from, limit }: PositionWindow): Promise<readonly RecordedEvent[]> {
    const range = { from, to: Math.min(from + limit, Number.MAX_SAFE_INTEGER) };
    const rows = await this.within(organizationId, (sql) => selectPositions(sql, organizationId, range));
    return rows.map(toRecorded);
  }

  /** The events of a stream above the version `after`, oldest first. */
  async stream(organizationId: OrganizationId, stream: string, after = 0): Promise<readonly RecordedEvent[]> {
    const rows = await this.within(organizationId, (sql) => selectStream(sql, organizationId, stream, after));
    return rows.map(toRecorded);
  }

  /** @throws {RangeError} unless position < size <= the head's size. */
  inclusion(organizationId: OrganizationId, position: number, size: number): Promise<readonly Uint8Array[]> {
    return this.within(organizationId, async (sql) =>
      this.proveIn(sql, organizationId, size, planInclusion(position, size)),
    );
  }

  /** @throws {RangeError} unless from <= to <= the head's size. */
  consistency(organizationId: OrganizationId, from: number, to: number): Promise<readonly Uint8Array[]> {
    return this.within(organizationId, async (sql) => this.proveIn(sql, organizationId, to, planConsistency(from, to)));
  }

  /**
   * The root of the first `size` events.
   *
   * @throws {RangeError} unless size <= the head's size.
   */
  async root(organizationId: OrganizationId, size: number): Promise<Uint8Array> {
    const [root] = await this.within(organizationId, (sql) => this.proveIn(sql, organizationId, size, planRoot(size)));
    return root ?? this.#nodes.emptyRoot;
  }

  /** Two round trips whatever the size: what the plan names, and the events of an open tile if it reaches there. */
  async proveIn(sql: Transaction, organizationId: OrganizationId, size: number, plan: ProofPlan) {
    const [head, source] = await Promise.all([
      this.headIn(sql, organizationId),
      loadNodes(sql, organizationId, plan.needs, this.#leaves),
    ]);
    if (size > head.size) throw new RangeError(`the ledger has ${head.size} events, not ${size}`);
    return plan.build(this.#nodes, source);
  }
}
