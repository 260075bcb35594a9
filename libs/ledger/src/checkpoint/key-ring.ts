import { fromBase64, utf8 } from '../bytes.ts';
import type { LedgerCrypto } from '../crypto.ts';
import type { RecordedEvent } from '../envelope.ts';
import { readLedgerEvent, type LedgerEvent } from '../ledger.events.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { isSameKey, parseVkey, type VerifierKey } from './verifier-key.ts';

/** One key of a log, and the sizes of the checkpoints it may sign: [from, until). */
export interface SigningKeyRange {
  readonly key: VerifierKey;
  readonly from: number;
  /** Null while it is not retired. */
  readonly until: number | null;
  /** The key that vouched for it; null for the log's first. */
  readonly endorsedBy: VerifierKey | null;
}

/** A log's name and keys, as its own events tell them, up to some position. */
export interface KeyRing {
  readonly origin: string;
  /** The names it has had, oldest first, each from a size on. More than one only after a restore. */
  readonly origins: readonly { readonly origin: string; readonly from: number }[];
  /** In the order of their events. */
  readonly ranges: readonly SigningKeyRange[];
}

/** Why an event cannot change the keys; such an event is ignored, and the verifier reports it. */
export type KeyProblemCode =
  'key.already_added' | 'key.not_active' | 'key.not_endorsed' | 'key.other_log' | 'key.malformed' | 'restore.other_log';

export interface KeyProblem {
  readonly code: KeyProblemCode;
  readonly message: string;
}

export interface RingStep {
  readonly ring: KeyRing;
  readonly problem: KeyProblem | null;
}

export const newKeyRing = (origin: string): KeyRing => ({ origin, origins: [{ origin, from: 0 }], ranges: [] });

/** What an active key signs to vouch for the next one. Never the body of a checkpoint: its second line is no number. */
export const endorsementMessage = ({ origin, vkey, validFrom }: Endorsement) =>
  utf8(`countersign-signing-key/v1\n${origin}\n${vkey}\n${validFrom}\n`);

/** `origin` is the log's name when the event is recorded. */
export interface Endorsement {
  readonly origin: string;
  readonly vkey: string;
  readonly validFrom: number;
}

/**
 * Adds what the ledger's own event at `position` says about keys and names. Events are handed in by position, each
 * once. A key works from the first checkpoint that covers its event, never earlier than its `validFrom`, until the
 * last that does not cover its retirement.
 */
export function recordKeyEvent(crypto: LedgerCrypto, ring: KeyRing, event: LedgerEvent, position: number): RingStep {
  switch (event.type) {
    case 'SigningKeyAdded':
      return addKey(crypto, ring, event.data, position);
    case 'SigningKeyRetired':
      return retireKey(ring, event.data.keyId, position);
    case 'LedgerRestored':
      return rename(ring, event.data.origin, position);
    case 'PayloadErased':
      return { ring, problem: null };
  }
}

/**
 * The keys and names of a log from the events of its own stream, by position: what a server publishes and an export
 * ends with. An event that cannot be read, or is refused, changes nothing, exactly as in a verification.
 */
export function keyRingOf(crypto: LedgerCrypto, origin: string, events: readonly RecordedEvent[]): KeyRing {
  return events.reduce((ring, { type, content, position }) => {
    const event = content && readable(type, content.payload);
    return event ? recordKeyEvent(crypto, ring, event, position).ring : ring;
  }, newKeyRing(origin));
}

function readable(type: string, payload: string): LedgerEvent | null {
  try {
    return readLedgerEvent(type, payload);
  } catch {
    return null;
  }
}

/** The range that allows this name and key id on a checkpoint of this size. */
export function rangeFor(ring: KeyRing, checkpoint: SignedCheckpoint, signature: { name: string; keyId: string }) {
  return ring.ranges.find(
    ({ key, from, until }) =>
      key.name === signature.name &&
      key.keyId === signature.keyId &&
      checkpoint.size >= from &&
      (until === null || checkpoint.size < until),
  );
}

/** The name checkpoints of this size carry. */
export const originAt = (ring: KeyRing, size: number) =>
  ring.origins.findLast(({ from }) => from <= size)?.origin ?? ring.origin;

/** Of these ranges, those whose key is pinned, or vouched for, link by link, by a pinned one. */
export function trustedRanges(ring: KeyRing, pinned: readonly VerifierKey[]): readonly SigningKeyRange[] {
  const trusted: SigningKeyRange[] = [];
  for (const range of ring.ranges) {
    const known = [...pinned, ...trusted.map(({ key }) => key)];
    const vouched = range.endorsedBy;
    if (known.some((key) => isSameKey(key, range.key) || (vouched && isSameKey(key, vouched)))) trusted.push(range);
  }
  return trusted;
}

type AddedKey = Extract<LedgerEvent, { type: 'SigningKeyAdded' }>['data'];

function addKey(crypto: LedgerCrypto, ring: KeyRing, data: AddedKey, position: number): RingStep {
  const key = readKey(crypto, data.vkey);
  if (key?.keyId !== data.keyId)
    return refuse(ring, 'key.malformed', 'its `vkey` and `keyId` must be those of one Ed25519 key');
  if (key.name !== ring.origin)
    return refuse(
      ring,
      'key.other_log',
      `the key is named \`${key.name}\`; a key of this log is named \`${ring.origin}\``,
    );
  if (ring.ranges.some((range) => isSameKey(range.key, key)))
    return refuse(ring, 'key.already_added', `the key ${key.keyId} was added before; a retired key never comes back`);

  const endorser = endorserOf(crypto, ring, data);
  if (!endorser && ring.ranges.length > 0)
    return refuse(
      ring,
      'key.not_endorsed',
      `the key ${key.keyId} must be endorsed by a key that is active at position ${position}`,
    );

  const range = { key, from: Math.max(data.validFrom, position + 1), until: null, endorsedBy: endorser };
  return { ring: { ...ring, ranges: [...ring.ranges, range] }, problem: null };
}

function endorserOf(crypto: LedgerCrypto, { origin, ranges }: KeyRing, data: AddedKey): VerifierKey | null {
  const { endorsement } = data;
  const signature = endorsement && fromBase64(endorsement.signature);
  if (!signature) return null;

  const message = endorsementMessage({ ...data, origin });
  const endorser = ranges.find(
    ({ key, until }) =>
      until === null && key.keyId === endorsement.by && crypto.verifyEd25519(key.publicKey, message, signature),
  );
  return endorser?.key ?? null;
}

function retireKey(ring: KeyRing, keyId: string, position: number): RingStep {
  const active = ring.ranges.find(({ key, until }) => key.keyId === keyId && until === null);
  if (!active) return refuse(ring, 'key.not_active', `the key ${keyId} cannot be retired: it is not active`);
  const ranges = ring.ranges.map((range) => (range === active ? { ...range, until: position + 1 } : range));
  return { ring: { ...ring, ranges }, problem: null };
}

/** A restored log keeps its organization in its name and takes a name it never had. */
function rename(ring: KeyRing, origin: string, position: number): RingStep {
  const first = ring.origins[0]?.origin;
  if (!origin.startsWith(`${first}/`) || ring.origins.some((past) => past.origin === origin))
    return refuse(
      ring,
      'restore.other_log',
      `the restored log must have a new name that starts with \`${first}/\`, not \`${origin}\``,
    );
  return { ring: { ...ring, origin, origins: [...ring.origins, { origin, from: position + 1 }] }, problem: null };
}

function readKey(crypto: LedgerCrypto, vkey: string): VerifierKey | null {
  try {
    return parseVkey(crypto, vkey);
  } catch {
    // The caller says what is wrong with the event; the reader's own words would name the wrong thing.
    return null;
  }
}

const refuse = (ring: KeyRing, code: KeyProblemCode, message: string): RingStep => ({
  ring,
  problem: { code, message },
});
