import { generateSigningKey, nodeCrypto, signerFromPem } from '@countersign/crypto';
import { EventId, OrganizationId, system, type Actor } from '@countersign/kernel';
import { ledgerStream, toBase64, type CheckpointSigner, type NewEvent } from '@countersign/ledger';
import { endorsementMessage, formatVkey, verifierKey } from '@countersign/ledger/checkpoint';
import { randomBytes, randomUUID } from 'node:crypto';

export const newOrganizationId = () => OrganizationId.parse(randomUUID());

export const originOf = (organizationId: string) => `ledger.example/${organizationId}`;

export const newSigner = (): CheckpointSigner => signerFromPem(generateSigningKey());

export const vkeyOf = (origin: string, signer: CheckpointSigner) =>
  formatVkey(verifierKey(nodeCrypto, origin, signer.publicKey));

/** A UUIDv7 (RFC 9562 section 5.7) of a fixed time: order does not matter to a ledger. */
export function newEventId(): EventId {
  const [first, ...rest] = randomUUID().split('-');
  return EventId.parse([first, rest[0], `7${rest[1]?.slice(1)}`, ...rest.slice(2)].join('-'));
}

export const ada: Actor = {
  kind: 'member',
  id: 'mem_0198c5f0000070008000000000000ada',
  method: 'session',
  credential: 'session-1',
};

/** An event as a context would hand it to the ledger. */
export function newEvent(event: Partial<NewEvent> & Pick<NewEvent, 'stream' | 'streamVersion'>): NewEvent {
  return {
    id: newEventId(),
    type: 'RefundIssued',
    schemaVersion: 1,
    actor: ada,
    payload: '{"amount":"120"}',
    salt: Uint8Array.from(randomBytes(32)),
    ...event,
  };
}

/** One event of the ledger's own stream. */
export const ledgerEvent = (organizationId: string, streamVersion: number, type: string, data: unknown): NewEvent =>
  newEvent({ stream: ledgerStream(organizationId), streamVersion, type, actor: system, payload: JSON.stringify(data) });

export interface AddedKey {
  readonly origin: string;
  readonly signer: CheckpointSigner;
  readonly validFrom: number;
  readonly endorser?: CheckpointSigner;
}

/** The payload of `SigningKeyAdded`, endorsed when an endorser is given. */
export function addedKey({ origin, signer, validFrom, endorser }: AddedKey) {
  const key = verifierKey(nodeCrypto, origin, signer.publicKey);
  const vkey = formatVkey(key);
  const endorsement = endorser && {
    by: verifierKey(nodeCrypto, origin, endorser.publicKey).keyId,
    signature: toBase64(endorser.sign(endorsementMessage({ origin, vkey, validFrom }))),
  };
  return { vkey, keyId: key.keyId, validFrom, endorsement: endorsement ?? null };
}
