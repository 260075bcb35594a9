import type { OrganizationId } from '@countersign/kernel';
import { ledgerStream, type LedgerCrypto } from '@countersign/ledger';
import type { KeyRing, SigningKeyRange } from '@countersign/ledger/checkpoint';
import { KeyRings } from '../key-rings.ts';
import type { LedgerReader } from '../ledger-reader.ts';
import { SigningKeyUnavailable, type HeldKey, type SigningKeys } from './signing-keys.ts';

/** The key a log is signed with now, as far as its own stream was read. */
export interface PresentKey {
  readonly ring: KeyRing;
  readonly range: SigningKeyRange;
  readonly held: HeldKey;
  /** The version of the own stream that this was read from. */
  readonly version: number;
}

/** @throws {SigningKeyUnavailable} when the log has no active key or this process does not hold it. */
export async function presentKey(
  organizationId: OrganizationId,
  reader: LedgerReader,
  crypto: LedgerCrypto,
  keys: SigningKeys,
): Promise<PresentKey> {
  const own = await reader.stream(organizationId, ledgerStream(organizationId));
  const ring = await new KeyRings(crypto).of(organizationId, async () => own);
  const range = ring?.ranges.findLast(({ key, until }) => until === null && key.name === ring.origin);
  if (!ring || !range) throw new SigningKeyUnavailable(`the ledger of ${organizationId} has no active signing key`);

  const held = await keys.find(organizationId, range.key.publicKey);
  if (!held)
    throw new SigningKeyUnavailable(
      `the signing key ${range.key.keyId} of \`${ring.origin}\` is not held here: run this where it is kept`,
    );
  return { ring, range, held, version: own.at(-1)?.streamVersion ?? 0 };
}
