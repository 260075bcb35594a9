import type { OrganizationId } from '@countersign/kernel';
import type { HeadTransactions } from '@countersign/ledger-server';
import type { Sql } from '@countersign/postgres';
import { Batch, type Verdicted } from './batch.ts';
import { FairQueue, type QueueRefusal } from './fair-queue.ts';
import { OrganizationCache } from './organization-cache.ts';
import { DecisionFailed, type Answer, type Caller, type Pending, type Request } from './pending.ts';
import { isCulpable } from './fault.ts';
import { Shares } from './shares.ts';

/** The most requests one transaction decides. Longer batches would make their first caller wait for their last. */
const BATCH_MAX = 128;

/** Outcomes wait in a line of their own, so that a flood of questions cannot keep money from settling. */
const QUEUE_MAX = { actions: 8_192, outcomes: 8_192 } as const;

/** A queue was full, or full for this agent. Nothing was decided; asking again later is right. */
export class QueueRefused extends Error {
  override readonly name = 'QueueRefused';

  constructor(readonly code: QueueRefusal) {
    super(
      code === 'queue.full' ? 'too many requests are waiting' : 'this agent has its whole share of the queue waiting',
    );
  }
}

/** One organization's line: requests that arrive while a batch commits are the next batch. */
class Line {
  readonly actions = new FairQueue<Pending>(QUEUE_MAX.actions);
  readonly outcomes = new FairQueue<Pending>(QUEUE_MAX.outcomes);
  readonly cache: OrganizationCache;
  isRunning = false;
  readonly #shares = new Shares(BATCH_MAX);
  /** What the last batch came to, until it is told. */
  #untold: readonly Verdicted[] = [];

  constructor(readonly organizationId: OrganizationId) {
    this.cache = new OrganizationCache(organizationId);
  }

  /** Outcomes first, up to half of the batch: what ends holds makes room for what wants to be held. */
  take(): Pending[] {
    const { ofEach } = this.#shares;
    const outcomes = this.outcomes.take(Math.max(BATCH_MAX / 2, BATCH_MAX - this.actions.size), ofEach);
    const batch = [...outcomes, ...this.actions.take(BATCH_MAX - outcomes.length, ofEach)];
    this.#shares.taken(
      batch.map(({ caller }) => caller.agentId),
      (agentId) => this.actions.has(agentId) || this.outcomes.has(agentId),
    );
    return batch;
  }

  /** Keeps what was committed until the next batch is with the database, so that neither waits for the other. */
  tellLater(verdicts: readonly Verdicted[]): void {
    this.#untold = verdicts;
  }

  tell(): void {
    const verdicts = this.#untold;
    this.#untold = [];
    for (const verdict of verdicts) {
      if ('error' in verdict) verdict.pending.reject(verdict.error);
      else verdict.pending.resolve(verdict.answer());
    }
  }
}

/**
 * Decides requests of many organizations, one batch at a time for each, so that at most one connection of this process
 * waits for an organization's lock. Nobody waits on a timer.
 */
export class Decider {
  readonly #lines = new Map<OrganizationId, Line>();

  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
  ) {}

  /** The organization's configuration as last read, for judging before the queue. */
  latest(organizationId: OrganizationId) {
    return this.#line(organizationId).cache.latest;
  }

  /**
   * Resolves once the answer is committed.
   *
   * @throws {QueueRefused} when there is no room; faults of the ledger when nothing could be decided.
   */
  submit<Wanted extends Answer>(caller: Caller, request: Request): Promise<Wanted> {
    const line = this.#line(caller.organizationId);
    return new Promise((resolve, reject) => {
      const pending: Pending = { caller, request, resolve: resolve as (answer: Answer) => void, reject };
      const queue = request.kind === 'action' ? line.actions : line.outcomes;
      const refusal = queue.push(caller.agentId, pending);
      if (refusal) return reject(new QueueRefused(refusal));
      if (!line.isRunning) void this.#run(line);
    });
  }

  #line(organizationId: OrganizationId): Line {
    const line = this.#lines.get(organizationId) ?? new Line(organizationId);
    this.#lines.set(organizationId, line);
    return line;
  }

  async #run(line: Line): Promise<void> {
    line.isRunning = true;
    // Requests of one tick belong together, so the first batch does not leave with only the first of them.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = line.take(); batch.length > 0; batch = line.take()) await this.#decide(line, batch);
    line.tell();
    line.isRunning = false;
  }

  async #decide(line: Line, batch: readonly Pending[]): Promise<void> {
    try {
      // The driver flushes what it was handed in an immediate of its own; telling comes behind that.
      const work = new Batch(batch, line.cache, () => void setImmediate(() => line.tell()));
      const verdicts = await this.transactions.run(this.sql, line.organizationId, work);
      line.tell();
      line.tellLater(verdicts);
    } catch (error) {
      line.tell();
      await this.#refuse(line, batch, error);
    }
  }

  /** If something in the batch made it fail, its halves are decided apart until the culprit is alone, and refused. */
  async #refuse(line: Line, batch: readonly Pending[], error: unknown): Promise<void> {
    if (!isCulpable(error)) return batch.forEach((pending) => pending.reject(error));
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      await this.#decide(line, batch.slice(0, middle));
      return this.#decide(line, batch.slice(middle));
    }
    batch.forEach((pending) =>
      pending.reject(new DecisionFailed('this request could not be decided', { cause: error })),
    );
  }
}
