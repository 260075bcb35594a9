import type { OrganizationId } from '@countersign/kernel';
import { safeInteger, type Sql } from '@countersign/postgres';
import type { Queues } from '@countersign/queue';
import { noticesQueue, type NoticeJob } from '../notices.queue.ts';
import type { DeliverNotices } from './deliver-notices.ts';
import { dayOf, type FollowLedgers } from './follow-ledgers.ts';

/** How many organizations, or deliveries, one look finds. */
const FOUND_MAX = 500;

/** Deliveries that one worker tries at the same time: receivers take their time. */
const CONCURRENCY = 8;

const FIRST_ORGANIZATION = '00000000-0000-0000-0000-000000000000' as OrganizationId;

export interface NoticeWorkParts {
  /** Of the pool for reading. */
  readonly sql: Sql;
  readonly queues: Queues;
  readonly follow: FollowLedgers;
  readonly deliver: DeliverNotices;
}

/**
 * Everything that notices need to be done. A sweep finds what is behind and what is due, and nudges; the jobs do it. All
 * of it may be done by any number of workers, and again.
 */
export class Notices {
  constructor(private readonly parts: NoticeWorkParts) {}

  async work(): Promise<void> {
    await this.parts.queues.work(noticesQueue, (job) => this.#do(job), { concurrency: CONCURRENCY });
  }

  async sweep(): Promise<void> {
    const now = await this.#now();
    await Promise.all([this.#nudgeBehind(dayOf(now)), this.#nudgeDue(now)]);
  }

  /** Reads what one ledger says by now, and nudges what is to be sent. Whoever else does it at the same time is right too. */
  async follow(organizationId: OrganizationId): Promise<void> {
    const { follow, queues } = this.parts;
    const isAtEnd = await follow.follow(organizationId);
    if (!isAtEnd) return void (await queues.nudge(noticesQueue, { step: 'follow', organizationId }));
    await follow.tellDay(organizationId, await this.#now());
    return this.#nudgeDue(await this.#now());
  }

  async #do(job: NoticeJob): Promise<void> {
    const { deliver, queues } = this.parts;
    const { organizationId } = job;
    if (job.step === 'follow') return this.follow(organizationId);
    const next = await deliver.deliver(organizationId, job.deliveryId);
    if (!next) return;
    const { waitMs, attempt } = next;
    await queues.nudge(noticesQueue, { ...job, attempt }, { delayMs: waitMs });
  }

  /** In pages by id: an organization that cannot be read must not hide those that can. */
  async #nudgeBehind(day: string): Promise<void> {
    const { sql, queues } = this.parts;
    for (let beyond: OrganizationId | null = FIRST_ORGANIZATION; beyond !== null;) {
      const behind: readonly { organization_id: OrganizationId }[] = await sql<{ organization_id: OrganizationId }[]>`
        select organization_id from notices.organizations_behind(${day}::text, ${beyond}::text::uuid, ${FOUND_MAX})`;
      for (const { organization_id: organizationId } of behind)
        await queues.nudge(noticesQueue, { step: 'follow', organizationId });
      beyond = behind.length < FOUND_MAX ? null : (behind.at(-1)?.organization_id ?? null);
    }
  }

  async #nudgeDue(now: number): Promise<void> {
    const { sql, queues } = this.parts;
    const due = await sql<{ organization_id: OrganizationId; delivery_id: string; attempts: number }[]>`
      select organization_id, delivery_id, attempts
        from notices.deliveries_due(${String(now)}::text::bigint, ${FOUND_MAX})`;
    for (const { organization_id: organizationId, delivery_id: deliveryId, attempts: attempt } of due)
      await queues.nudge(noticesQueue, { step: 'deliver', organizationId, deliveryId, attempt });
  }

  async #now(): Promise<number> {
    const [row] = await this.parts.sql<{ now: bigint }[]>`
      select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
    return safeInteger(row?.now ?? 0n);
  }
}
