import { Actor, EventId, instant, OrganizationId } from '@countersign/kernel';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { CheckpointSigner, LedgerCrypto } from './crypto.ts';
import type { EventHeader } from './envelope.ts';
import type { TreeHead } from './tree/index.ts';

const spki = (publicKey: Uint8Array) => Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);

/** Node's primitives in their plainest form, so that this library's tests depend on no other library of ours. */
export const plainCrypto: LedgerCrypto = {
  sha256: (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest()),
  verifyEd25519: (publicKey, message, signature) =>
    verify(null, message, createPublicKey({ key: spki(publicKey), format: 'der', type: 'spki' }), signature),
};

/** The signer whose RFC 8032 seed is 32 times this byte: the same in every run, so that texts can be compared. */
export function signerOfSeed(byte: number): CheckpointSigner {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { publicKey: Uint8Array.from(der.subarray(-32)), sign: (message) => sign(null, message, key) };
}

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

export const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

export const treasury = OrganizationId.parse('0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f');

export const origin = `ledger.example/${treasury}`;

/** The event whose bytes `docs/ledger-format.md` spells out. */
export const documentedEvent: EventHeader = {
  organizationId: treasury,
  position: 1,
  id: EventId.parse('0198c5f1-0000-7000-8000-000000000001'),
  stream: 'decision-dec_1',
  streamVersion: 1,
  type: 'ActionDecided',
  schemaVersion: 1,
  actor: Actor.parse({ kind: 'agent', id: 'agt_1', method: 'agent-key', credential: 'key_1' }),
  recordedAt: instant(1_795_000_000_000),
};

export const documentedContent = { salt: new Uint8Array(32).fill(7), payload: '{"verdict":"allow"}' };

/** RFC 6962 section 2.1 word by word, as slow as it reads: what the fast tree is compared with. */
export function naiveRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  const [only] = leafHashes;
  if (!only) return plainCrypto.sha256(new Uint8Array(0));
  if (leafHashes.length === 1) return only;
  const split = naiveSplit(leafHashes.length);
  return naiveNode(naiveRoot(leafHashes.slice(0, split)), naiveRoot(leafHashes.slice(split)));
}

export function naivePath(index: number, leafHashes: readonly Uint8Array[]): readonly Uint8Array[] {
  if (leafHashes.length === 1) return [];
  const split = naiveSplit(leafHashes.length);
  const [left, right] = [leafHashes.slice(0, split), leafHashes.slice(split)];
  return index < split
    ? [...naivePath(index, left), naiveRoot(right)]
    : [...naivePath(index - split, right), naiveRoot(left)];
}

export function naiveProof(oldSize: number, leafHashes: readonly Uint8Array[], isWhole = true): readonly Uint8Array[] {
  if (oldSize === leafHashes.length) return isWhole ? [] : [naiveRoot(leafHashes)];
  const split = naiveSplit(leafHashes.length);
  const [left, right] = [leafHashes.slice(0, split), leafHashes.slice(split)];
  return oldSize <= split
    ? [...naiveProof(oldSize, left, isWhole), naiveRoot(right)]
    : [...naiveProof(oldSize - split, right, false), naiveRoot(left)];
}

export const naiveHead = (leafHashes: readonly Uint8Array[]): TreeHead => ({
  size: leafHashes.length,
  root: naiveRoot(leafHashes),
});

/** Distinct hashes, as many as wanted. */
export const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => plainCrypto.sha256(new TextEncoder().encode(`leaf ${index}`)));

function naiveSplit(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

const naiveNode = (left: Uint8Array, right: Uint8Array) => plainCrypto.sha256(Uint8Array.from([1, ...left, ...right]));
