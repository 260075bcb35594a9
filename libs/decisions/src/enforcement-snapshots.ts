import type { OrganizationId } from '@countersign/kernel';
import type { EnforcementState } from './enforcement-state.ts';

/** Reads all that the next decision depends on, as its rows stand, to be compared with what the ledger says. */
export abstract class EnforcementSnapshots {
  /**
   * Every row of every enforcement table, and the ledger's size, as of one snapshot of the database. For checks alone:
   * it reads everything there is.
   */
  abstract read(organizationId: OrganizationId): Promise<{ readonly state: EnforcementState; readonly size: number }>;
}
