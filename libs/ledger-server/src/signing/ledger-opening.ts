import type { OrganizationId } from '@countersign/kernel';
import type { LedgerCrypto, LedgerEvent } from '@countersign/ledger';
import { firstOrigin, firstSigningKey } from './signing-key-events.ts';
import type { SigningKeys } from './signing-keys.ts';

/** C2SP signed-note; and the first slash ends the host. */
const HOST = /^[^\s+/\p{Cc}]+$/u;

/** Gives the event that an organization's ledger opens with. Asked before the lock is taken: keeping a key takes time. */
export class LedgerOpening {
  /** @throws {RangeError} for a host that the signature lines of checkpoints could not carry. */
  constructor(
    /** What the origins of new logs begin with: one word without `+` and `/`, such as a host name. */
    private readonly host: string,
    private readonly crypto: LedgerCrypto,
    private readonly keys: SigningKeys,
  ) {
    if (!HOST.test(host))
      throw new RangeError(
        `the host \`${host}\` of the ledgers' names must be one word without \`+\` and \`/\`, such as \`ledger.example\``,
      );
  }

  /** `SigningKeyAdded`, for position 0, stream `ledgerStream(organizationId)`, version 1, actor `system`. */
  async firstEvent(organizationId: OrganizationId): Promise<LedgerEvent> {
    const { publicKey } = await this.keys.provide(organizationId, []);
    return firstSigningKey(this.crypto, firstOrigin(this.host, organizationId), publicKey);
  }
}
