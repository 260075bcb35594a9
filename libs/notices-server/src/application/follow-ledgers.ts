import { Configurations, type EnforcementState } from '@countersign/decisions';
import { instant, type OrganizationId } from '@countersign/kernel';
import type { LedgerAccess } from '@countersign/ledger-server';
import {
  approvalsNamed,
  checkpointNotice,
  planNotices,
  presumedBy,
  unreportedDecisions,
  type NoticeFacts,
} from '@countersign/notices';
import type { LedgerPage, LedgerPages } from '../adapters/ledger-pages.ts';
import type { OldRows } from '../adapters/old-rows.ts';
import type { OutboxRows } from '../adapters/outbox-rows.ts';
import { warnSharesOf } from './warn-shares.ts';

/** Pages that one nudge reads: an organization that is far behind must not keep others waiting. */
const PAGES_MAX = 50;

const DAY_CHARACTERS = 'YYYY-MM-DD'.length;

export interface FollowParts {
  readonly pages: LedgerPages;
  readonly outbox: OutboxRows;
  readonly old: OldRows;
  readonly configurations: Configurations;
  readonly checkpoints: Pick<LedgerAccess, 'latestCheckpoint'>;
  readonly isMailing: boolean;
}

/**
 * Reads what a ledger says behind where it was last read up to, and writes what has to be told. Any number of workers may
 * do it at once, and be killed at any moment: a page is written whole, with the position behind it, or not at all.
 */
export class FollowLedgers {
  constructor(private readonly parts: FollowParts) {}

  /** @returns whether the end was reached */
  async follow(organizationId: OrganizationId): Promise<boolean> {
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const page = await this.parts.pages.next(organizationId);
      if (page.from >= page.to) return true;
      await this.#plan(organizationId, page);
    }
    return false;
  }

  /** The newest checkpoint, once a day, by UTC: the same day for everybody who compares. */
  async tellDay(organizationId: OrganizationId, now: number): Promise<void> {
    const checkpoint = await this.parts.checkpoints.latestCheckpoint(organizationId);
    if (!checkpoint) return;
    const day = dayOf(now);
    const { state } = await this.parts.configurations.read(organizationId);
    const { size, note } = checkpoint;
    const notices = [checkpointNotice({ day, size, checkpoint: note }, state, instant(now))];
    const { outbox, old, isMailing } = this.parts;
    const isFirst = await outbox.writeDay(organizationId, day, { notices, state, isMailing });
    if (isFirst) await old.remove(organizationId, state, now);
  }

  async #plan(organizationId: OrganizationId, page: LedgerPage): Promise<void> {
    const { outbox, isMailing } = this.parts;
    const state = page.events.length === 0 ? null : (await this.parts.configurations.read(organizationId)).state;
    if (!state) {
      const nothing = { notices: [], presumed: [], state: {} as EnforcementState, isMailing };
      return void (await outbox.write(organizationId, { ...page, ...nothing }));
    }
    const facts = await this.#factsOf(organizationId, page, state);
    const presumed = page.events.flatMap((event) => presumedBy(event, facts));
    const notices = planNotices(page.events, facts);
    await outbox.write(organizationId, { ...page, notices, presumed, state, isMailing });
  }

  async #factsOf(
    organizationId: OrganizationId,
    { events }: LedgerPage,
    state: EnforcementState,
  ): Promise<NoticeFacts> {
    const { pages } = this.parts;
    const [approvals, held] = await Promise.all([
      pages.approvals(organizationId, approvalsNamed(events)),
      pages.held(organizationId, unreportedDecisions(events)),
    ]);
    const presumed = events.flatMap((event) => presumedBy(event, { held }));
    const unreported = await pages.unreported(organizationId, [...new Set(presumed.map(({ key }) => key))]);
    return { state, approvals, warnAt: warnSharesOf(state), held, unreported };
  }
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, DAY_CHARACTERS);
