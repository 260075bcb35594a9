import type { OrganizationId } from '@countersign/kernel';
import type { LedgerCrypto, LedgerEvent } from '@countersign/ledger';
import { formatVkey, verifierKey } from '@countersign/ledger/checkpoint';

/** `<host>/<organization id>`: the name a log has for ever, until a restore gives it another. */
export const firstOrigin = (host: string, organizationId: OrganizationId) => `${host}/${organizationId}`;

/**
 * What every ledger begins with, at position 0 on `ledgerStream` as version 1: without it nothing after could be
 * signed, and a key added later could belong to anybody.
 */
export function firstSigningKey(crypto: LedgerCrypto, origin: string, publicKey: Uint8Array): LedgerEvent {
  const key = verifierKey(crypto, origin, publicKey);
  return { type: 'SigningKeyAdded', data: { vkey: formatVkey(key), keyId: key.keyId, validFrom: 0, endorsement: null } };
}
