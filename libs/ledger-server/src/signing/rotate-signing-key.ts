import type { Actor, OrganizationId } from '@countersign/kernel';
import { SigningKeyRotation, type LedgerCrypto, type RecordedEvent } from '@countersign/ledger';
import type { LedgerReader } from '../ledger-reader.ts';
import type { OwnEvents, OwnStream } from '../own-stream.ts';
import { presentKey } from './present-key.ts';
import { nextSigningKey, signingKeyRetired } from './signing-key-events.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Rotates keys of ledgers in Postgres. */
export class PostgresSigningKeyRotation extends SigningKeyRotation {
  constructor(
    private readonly own: OwnStream,
    private readonly reader: LedgerReader,
    private readonly crypto: LedgerCrypto,
    private readonly keys: SigningKeys,
  ) {
    super();
  }

  /** @throws {SigningKeyUnavailable} when the present key is not held here or no new one can be had. */
  override rotate(organizationId: OrganizationId, actor: Actor): Promise<readonly RecordedEvent[]> {
    return this.own.append(organizationId, actor, () => this.#prepare(organizationId));
  }

  async #prepare(organizationId: OrganizationId): Promise<OwnEvents> {
    const { ring, range, held, version } = await presentKey(organizationId, this.reader, this.crypto, this.keys);
    const successor = await this.keys.provide(
      organizationId,
      ring.ranges.map(({ key }) => key.publicKey),
    );
    const { size } = await this.reader.head(organizationId);
    const added = await nextSigningKey(this.crypto, held, {
      origin: ring.origin,
      successor: successor.publicKey,
      validFrom: size,
      presentKeyId: range.key.keyId,
    });
    return { version, at: () => [added, signingKeyRetired(range.key.keyId, 'rotated')] };
  }
}
