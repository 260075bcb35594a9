import { describe, expect, it } from 'vitest';
import { toBase64 } from '../bytes.ts';
import type { CheckpointSigner } from '../crypto.ts';
import { origin, plainCrypto, signerOfSeed } from '../ledger.mother.ts';
import type { LedgerEvent } from '../ledger.events.ts';
import { endorsementMessage, newKeyRing, originAt, recordKeyEvent, trustedRanges, type KeyRing } from './key-ring.ts';
import { formatVkey, verifierKey } from './verifier-key.ts';

const [ada, grace, mallory] = [signerOfSeed(1), signerOfSeed(2), signerOfSeed(3)];
const keyOf = (signer: CheckpointSigner, name = origin) => verifierKey(plainCrypto, name, signer.publicKey);

function added(
  signer: CheckpointSigner,
  endorser?: CheckpointSigner,
  { validFrom = 0, name = origin } = {},
): LedgerEvent {
  const key = keyOf(signer, name);
  const message = endorsementMessage({ origin: name, vkey: formatVkey(key), validFrom });
  const endorsement = endorser && { by: keyOf(endorser, origin).keyId, signature: toBase64(endorser.sign(message)) };
  return {
    type: 'SigningKeyAdded',
    data: { vkey: formatVkey(key), keyId: key.keyId, validFrom, endorsement: endorsement ?? null },
  };
}

const retired = (signer: CheckpointSigner): LedgerEvent => ({
  type: 'SigningKeyRetired',
  data: { keyId: keyOf(signer).keyId, reason: 'yearly' },
});

const restored = (name: string): LedgerEvent => ({
  type: 'LedgerRestored',
  data: { fromSize: 0, fromRoot: '', origin: name, lastCheckpoint: null, reason: 'disk lost' },
});

/** Events at the positions given by their index. */
function ringOf(...events: readonly (LedgerEvent | null)[]): { ring: KeyRing; problems: readonly (string | null)[] } {
  let ring = newKeyRing(origin);
  const problems = events.map((event, position) => {
    if (!event) return null;
    const step = recordKeyEvent(plainCrypto, ring, event, position);
    ring = step.ring;
    return step.problem?.code ?? null;
  });
  return { ring, problems };
}

const rangesOf = ({ ring }: { ring: KeyRing }) => ring.ranges.map(({ key, from, until }) => [key.keyId, from, until]);

describe('the keys of a log', () => {
  it('take over from each other, each from the first checkpoint that covers its event to the last before its retirement', () => {
    const rotation = ringOf(added(ada), null, added(grace, ada), null, retired(ada));
    expect(rotation.problems).toEqual([null, null, null, null, null]);
    expect(rangesOf(rotation)).toEqual([
      [keyOf(ada).keyId, 1, 5],
      [keyOf(grace).keyId, 3, null],
    ]);
  });

  it('start no earlier than they say', () =>
    expect(rangesOf(ringOf(added(ada, undefined, { validFrom: 7 })))).toEqual([[keyOf(ada).keyId, 7, null]]));

  it('I9: need an endorsement by an active key, all but the first', () => {
    expect(ringOf(added(ada), added(mallory)).problems[1]).toBe('key.not_endorsed');
    expect(ringOf(added(ada), added(mallory, mallory)).problems[1]).toBe('key.not_endorsed');
    expect(ringOf(added(ada), added(grace, ada), retired(ada), added(mallory, ada)).problems[3]).toBe(
      'key.not_endorsed',
    );
  });

  it('I9: are not endorsed by a signature over another key, size or log', () => {
    const endorsed = added(grace, ada);
    const forged = added(mallory);
    if (endorsed.type !== 'SigningKeyAdded' || forged.type !== 'SigningKeyAdded') throw new Error('unexpected');
    const { endorsement } = endorsed.data;
    expect(ringOf(added(ada), { ...forged, data: { ...forged.data, endorsement } }).problems[1]).toBe(
      'key.not_endorsed',
    );
    expect(ringOf(added(ada), { ...endorsed, data: { ...endorsed.data, validFrom: 9 } }).problems[1]).toBe(
      'key.not_endorsed',
    );
    expect(ringOf(added(ada), added(grace, ada, { name: 'ledger.example/other' })).problems[1]).toBe('key.other_log');
  });

  it('are never added twice, and retired only while active', () => {
    expect(ringOf(added(ada), added(ada, ada)).problems[1]).toBe('key.already_added');
    expect(ringOf(added(ada), retired(grace)).problems[1]).toBe('key.not_active');
    expect(ringOf(added(ada), retired(ada), retired(ada)).problems[2]).toBe('key.not_active');
  });

  it('must be what their event says they are', () => {
    const event = added(ada);
    if (event.type !== 'SigningKeyAdded') throw new Error('unexpected');
    expect(ringOf({ ...event, data: { ...event.data, keyId: '00000000' } }).problems).toEqual(['key.malformed']);
    expect(ringOf({ ...event, data: { ...event.data, vkey: 'ada' } }).problems).toEqual(['key.malformed']);
  });
});

describe('a restored log', () => {
  it('takes a new name from the first checkpoint that covers the restore', () => {
    const { ring, problems } = ringOf(
      added(ada),
      null,
      restored(`${origin}/1`),
      added(ada, ada, { name: `${origin}/1` }),
    );
    expect(problems).toEqual([null, null, null, null]);
    expect([1, 2, 3, 9].map((size) => originAt(ring, size))).toEqual([origin, origin, `${origin}/1`, `${origin}/1`]);
    expect(ring.ranges.map(({ key }) => key.name)).toEqual([origin, `${origin}/1`]);
  });

  it('cannot take another organization’s name, or one it had', () => {
    expect(ringOf(added(ada), restored('ledger.example/other/1')).problems[1]).toBe('restore.other_log');
    expect(ringOf(restored(`${origin}/1`), restored(`${origin}/1`)).problems[1]).toBe('restore.other_log');
  });
});

describe('trust', () => {
  const { ring } = ringOf(added(ada), added(grace, ada), added(mallory, grace));

  it('reaches from a pinned key to all it vouched for, link by link', () => {
    expect(trustedRanges(ring, [keyOf(ada)])).toHaveLength(3);
    expect(trustedRanges(ring, [keyOf(grace)]).map(({ key }) => key.keyId)).toEqual(
      [grace, mallory].map((s) => keyOf(s).keyId),
    );
  });

  it('I9: does not reach back, nor to a log that a stranger began', () => {
    const began = ringOf(added(mallory), added(ada, mallory)).ring;
    expect(trustedRanges(began, [keyOf(ada)]).map(({ key }) => key.keyId)).toEqual([keyOf(ada).keyId]);
    expect(trustedRanges(ring, [])).toEqual([]);
  });
});
