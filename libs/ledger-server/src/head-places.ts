import type { OrganizationId } from '@countersign/kernel';

/** A page of a table, as `ledger.lock_head` wants it: its first place, and the first one behind it (Postgres' `ctid`). */
export interface Page {
  readonly from: string;
  readonly to: string;
}

/** No row is here, and the database does not even look. */
const NOWHERE: Page = { from: '(0,0)', to: '(0,0)' };

/** What leaving a page counts. Each update that stays on its page takes one off again. */
const PAGE_LEFT = 128;
const PILED_UP = 2 * PAGE_LEFT;
/** So that the sum is below `PILED_UP` again soon after the snapshot has ended. */
const SUM_MAX = 2 * PILED_UP;

interface Seen {
  page: number;
  sum: number;
}

/**
 * On which page the row of each organization's head was last seen. A hint and no more, for any other process may have
 * moved the row since: `ledger.lock_head` looks there first, and searches by key otherwise.
 *
 * It also tells whether versions of rows pile up. A page holds ten to eighty versions of a head and is pruned whenever it
 * is half full, so the row stays on its page for ever, until somebody's snapshot keeps all of them: then every page that is
 * full is left for another one. What this says costs or saves time and decides nothing.
 */
export class HeadPlaces {
  readonly #seen = new Map<OrganizationId, Seen>();

  of(organizationId: OrganizationId): Page {
    const seen = this.#seen.get(organizationId);
    return seen ? { from: `(${seen.page},0)`, to: `(${seen.page + 1},0)` } : NOWHERE;
  }

  /** Whether rows that batch after batch updates have many versions, which a search by key would walk over. */
  versionsPileUp(organizationId: OrganizationId): boolean {
    return (this.#seen.get(organizationId)?.sum ?? 0) >= PILED_UP;
  }

  /** Under the lock. */
  found(organizationId: OrganizationId, place: string): void {
    const page = pageOf(place);
    const seen = this.#seen.get(organizationId);
    if (seen) seen.page = page;
    else this.#seen.set(organizationId, { page, sum: 0 });
  }

  /** By an update of our own, from where it was found. */
  moved(organizationId: OrganizationId, from: string, to: string): void {
    const page = pageOf(to);
    const before = this.#seen.get(organizationId)?.sum ?? 0;
    const sum = pageOf(from) === page ? Math.max(0, before - 1) : Math.min(SUM_MAX, before + PAGE_LEFT);
    this.#seen.set(organizationId, { page, sum });
  }
}

/** Of a place such as `(12,3)`. */
const pageOf = (place: string) => Number(place.slice(1, place.indexOf(',')));
