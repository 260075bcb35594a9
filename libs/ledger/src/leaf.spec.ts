import { describe, expect, it } from 'vitest';
import { leafHasher } from './leaf.ts';
import { documentedContent, documentedEvent, hex, plainCrypto } from './ledger.mother.ts';

const hasher = leafHasher(plainCrypto);
const commitment = hasher.commitment(documentedContent);
const leafHex = (change: object) => hex(hasher.leafHash({ ...documentedEvent, ...change }, commitment));

describe('a leaf, version 1', () => {
  // These bytes are for ever: every ledger ever written depends on them, and docs/ledger-format.md shows them.
  it('is the documented bytes', () => {
    expect(hex(hasher.headerBytes(documentedEvent))).toBe(
      [
        '01',
        '0198c5f01a2b7c3d8e4f5a6b7c8d9e0f',
        '0000000000000001',
        '0198c5f1000070008000000000000001',
        '000001a1ee565e00',
        '0000000000000001',
        '00000001',
        '000e6465636973696f6e2d6465635f31000d416374696f6e4465636964656400056167656e7400056167745f3100096167656e742d6b657900056b65795f31',
      ].join(''),
    );
    expect(hex(commitment)).toBe('8674f7b54cfa95accd1fdd105ab066dc3e2b0059cf0d4e45f897f99359506863');
    expect(leafHex({})).toBe('5e7b7a9f840ff9c71a0d24b65ef6fb2fd7b9781d755065e9d885fc3f34f53e90');
  });

  it('I9: depends on every field', () => {
    const { actor } = documentedEvent;
    const changes = [
      { organizationId: '0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e10' },
      { position: 2 },
      { position: 2 ** 32 + 1 },
      { id: '0198c5f1-0000-7000-8000-000000000002' },
      { stream: 'decision-dec_2' },
      { streamVersion: 2 },
      { type: 'ActionSettled' },
      { schemaVersion: 2 },
      { actor: { ...actor, kind: 'member' } },
      { actor: { ...actor, id: 'agt_2' } },
      { actor: { ...actor, method: 'session' } },
      { actor: { ...actor, credential: 'key_2' } },
      { recordedAt: documentedEvent.recordedAt + 1 },
    ];
    const leaves = [{}, ...changes].map(leafHex);
    expect(new Set(leaves).size).toBe(leaves.length);
    expect(hex(hasher.leafHash(documentedEvent, hasher.commitment({ ...documentedContent, payload: '{}' })))).not.toBe(
      leaves[0],
    );
  });

  it('does not confuse neighbouring texts, because each carries its length', () =>
    expect(leafHex({ stream: 'order-1', type: '2Paid' })).not.toBe(leafHex({ stream: 'order-12', type: 'Paid' })));

  it('hashes text as UTF-8 whatever its length and however often its buffer has grown', () => {
    for (const stream of ['é', '😀'.repeat(20), 'ж'.repeat(9000), 'x'.repeat(65_535), 'a']) {
      const bytes = hasher.headerBytes({ ...documentedEvent, stream });
      expect(new TextDecoder().decode(bytes.subarray(63, 63 + Buffer.byteLength(stream)))).toBe(stream);
    }
  });

  it('commits to salt and payload exactly: SHA-256(salt ‖ payload)', () => {
    const payload = '{"note":"é 😀"}'.padEnd(5000);
    const expected = plainCrypto.sha256(Buffer.concat([documentedContent.salt, Buffer.from(payload)]));
    expect(hex(hasher.commitment({ ...documentedContent, payload }))).toBe(hex(expected));
  });

  it('refuses a text longer than two bytes can count', () =>
    expect(() => leafHex({ stream: 'x'.repeat(65_536) })).toThrow(RangeError));

  it.each([
    { id: '0198C5F1-0000-7000-8000-000000000001' },
    { organizationId: 'treasury' },
    { position: -1 },
    { position: 1.5 },
    { streamVersion: 2 ** 53 },
    { schemaVersion: 2 ** 32 },
  ])('refuses what the layout cannot hold: %o', (change) => expect(() => leafHex(change)).toThrow(RangeError));
});
