import type { OrganizationId } from '@countersign/kernel';
import type { LedgerCrypto, LedgerEvent } from '@countersign/ledger';
import { firstOrigin, firstSigningKey } from './signing-key-events.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Gives the event that an organization's ledger opens with. Asked before the lock is taken: keeping a key takes time. */
export class LedgerOpening {
  constructor(
    /** What the origins of new logs begin with: one word without `+` and `/`, such as a host name. */
    private readonly host: string,
    private readonly crypto: LedgerCrypto,
    private readonly keys: SigningKeys,
  ) {}

  /** `SigningKeyAdded`, for position 0, stream `ledgerStream(organizationId)`, version 1, actor `system`. */
  async firstEvent(organizationId: OrganizationId): Promise<LedgerEvent> {
    const { publicKey } = await this.keys.provide(organizationId, []);
    return firstSigningKey(this.crypto, firstOrigin(this.host, organizationId), publicKey);
  }
}
