import type { OrganizationId } from '@countersign/kernel';
import { toBase64, type LedgerCrypto, type LedgerEvent } from '@countersign/ledger';
import { endorsementMessage, formatVkey, verifierKey } from '@countersign/ledger/checkpoint';
import type { HeldKey } from './signing-keys.ts';

/** `<host>/<organization id>`: the name a log has for ever, until a restore gives it another. */
export const firstOrigin = (host: string, organizationId: OrganizationId) => `${host}/${organizationId}`;

/**
 * What every ledger begins with, at position 0 on `ledgerStream` as version 1: without it nothing after could be
 * signed, and a key added later could belong to anybody.
 */
export function firstSigningKey(crypto: LedgerCrypto, origin: string, publicKey: Uint8Array): LedgerEvent {
  const key = verifierKey(crypto, origin, publicKey);
  return {
    type: 'SigningKeyAdded',
    data: { vkey: formatVkey(key), keyId: key.keyId, validFrom: 0, endorsement: null },
  };
}

/** What the present key vouches for when another follows it. */
export interface Succession {
  /** The log's name when the event is recorded. */
  readonly origin: string;
  readonly successor: Uint8Array;
  /** The first size the successor may sign, at the earliest. */
  readonly validFrom: number;
  /** The id under which the log knows the present key. */
  readonly presentKeyId: string;
}

/** The next key, endorsed. Signed before any lock is taken: a key service may take its time. */
export async function nextSigningKey(
  crypto: LedgerCrypto,
  present: HeldKey,
  succession: Succession,
): Promise<LedgerEvent> {
  const { origin, successor, validFrom, presentKeyId } = succession;
  const key = verifierKey(crypto, origin, successor);
  const vkey = formatVkey(key);
  const signature = toBase64(await present.sign(endorsementMessage({ origin, vkey, validFrom })));
  return {
    type: 'SigningKeyAdded',
    data: { vkey, keyId: key.keyId, validFrom, endorsement: { by: presentKeyId, signature } },
  };
}

export const signingKeyRetired = (keyId: string, reason: string): LedgerEvent => ({
  type: 'SigningKeyRetired',
  data: { keyId, reason },
});
