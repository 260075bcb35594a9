import type { OrganizationId } from '@countersign/kernel';
import type { TreeHead } from '@countersign/ledger';

/** What the signer has signed last, kept outside the database: what tells it that a database was turned back. */
export abstract class SignerState {
  /** Null for a log it never signed for. Reads what other processes wrote. */
  abstract last(organizationId: OrganizationId, origin: string): Promise<TreeHead | null>;

  /** Durable when it resolves. A smaller head than the one kept changes nothing. */
  abstract remember(organizationId: OrganizationId, origin: string, head: TreeHead): Promise<void>;
}
