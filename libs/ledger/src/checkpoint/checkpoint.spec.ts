import { describe, expect, it } from 'vitest';
import { toBase64, utf8 } from '../bytes.ts';
import { LedgerFormatError } from '../format-error.ts';
import { fromHex, hex, leavesOf, naiveHead, naiveProof, origin, plainCrypto, signerOfSeed } from '../ledger.mother.ts';
import { treeHasher } from '../tree/index.ts';
import { attachSignature, checkpointBody, checkSignature, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { judgeSigning } from './signer-guard.ts';
import { formatVkey, parseVkey, verifierKey } from './verifier-key.ts';

const codeOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    return error instanceof LedgerFormatError ? error.code : error;
  }
  return 'accepted';
};

const signer = signerOfSeed(1);
const key = verifierKey(plainCrypto, origin, signer.publicKey);
const head = naiveHead(leavesOf(11));
const note = signCheckpoint(plainCrypto, { origin, ...head }, signer);

describe('verifier keys (C2SP signed-note)', () => {
  // The key and note of golang.org/x/mod/sumdb/note's own example: what other people's tools write.
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

  it('are read and written as Go’s note package does, and verify its example', () => {
    const peter = parseVkey(plainCrypto, vkey);
    expect([peter.name, peter.keyId, formatVkey(peter)]).toEqual(['PeterNeumann', 'c74f20a3', vkey]);

    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature = Buffer.from(
      'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
      'base64',
    );
    expect(plainCrypto.verifyEd25519(peter.publicKey, utf8(text), signature.subarray(4))).toBe(true);
    expect(hex(signature.subarray(0, 4))).toBe(peter.keyId);
  });

  it.each([
    ['another id', vkey.replace('c74f20a3', 'c74f20a4'), 'vkey.wrong_id'],
    ['another name', vkey.replace('Peter', 'Petra'), 'vkey.wrong_id'],
    ['another type', vkey.replace('+AR', '+Ah'), 'vkey.malformed'],
    ['a short key', vkey.slice(0, -4), 'vkey.malformed'],
    ['loose base64', `${vkey}=`, 'vkey.malformed'],
    ['no id', 'PeterNeumann+ARpc2QcU', 'vkey.malformed'],
    ['nothing', '', 'vkey.malformed'],
  ])('are refused with %s', (_, text, code) => expect(codeOf(() => parseVkey(plainCrypto, text))).toBe(code));

  it.each(['', 'two words', 'plus+plus', 'line\nbreak'])('cannot be named `%s`', (name) =>
    expect(codeOf(() => verifierKey(plainCrypto, name, signer.publicKey))).toBe('vkey.malformed'),
  );
});

describe('checkpoints (C2SP tlog-checkpoint)', () => {
  it('are three lines, an empty one, and a signature line under the origin’s name', () => {
    const lines = note.split('\n');
    expect(lines.slice(0, 4)).toEqual([origin, '11', toBase64(head.root), '']);
    expect(lines[4]).toMatch(new RegExp(`^— ${origin} [A-Za-z0-9+/]+=*$`));
    expect(lines.slice(5)).toEqual(['']);
  });

  it('read the example of the specification', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
    const { origin: name, size, root, signatures } = parseCheckpoint(example);
    expect([name, size, toBase64(root)]).toEqual([
      'example.com/behind-the-sofa',
      20_852_163,
      'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    ]);
    expect(signatures.map(({ keyId, signature }) => [keyId, signature.length])).toEqual([['033de0ae', 64]]);
  });

  it('verify with the key that signed, and with no other', () => {
    const checkpoint = parseCheckpoint(note);
    const other = verifierKey(plainCrypto, origin, signerOfSeed(2).publicKey);
    expect(checkSignature(plainCrypto, checkpoint, [other, key])).toEqual({ outcome: 'valid', key });
    expect(checkSignature(plainCrypto, checkpoint, [other])).toEqual({ outcome: 'unknown_key' });
    expect(checkSignature(plainCrypto, checkpoint, [{ ...key, name: 'ledger.example/other' }]).outcome).toBe(
      'unknown_key',
    );
  });

  it('are condemned when a known key’s signature is for another text', () => {
    const forged = parseCheckpoint(note.replace('\n11\n', '\n12\n'));
    expect(checkSignature(plainCrypto, forged, [key])).toEqual({ outcome: 'invalid', key });
  });

  it('ignore the signatures of strangers, such as witnesses', () => {
    const witnessed = `${note}— witness.example ${toBase64(fromHex('01020304'.repeat(20)))}\n`;
    expect(checkSignature(plainCrypto, parseCheckpoint(witnessed), [key]).outcome).toBe('valid');
  });

  it('take a signature made elsewhere', () => {
    const body = checkpointBody({ origin, ...head });
    expect(attachSignature({ origin, ...head }, key, signer.sign(utf8(body)))).toBe(note);
  });

  it.each([
    ['a leading zero in the size', note.replace('\n11\n', '\n011\n')],
    ['a sign before the size', note.replace('\n11\n', '\n+11\n')],
    ['a size beyond safe integers', note.replace('\n11\n', '\n9007199254740993\n')],
    ['a short root', note.replace(toBase64(head.root), toBase64(head.root.slice(1)))],
    ['an extension line', note.replace('\n11\n', '\n11\nextension\n')],
    ['a carriage return', note.replace('\n11\n', '\r\n11\n')],
    ['no final newline', note.slice(0, -1)],
    ['text after the end', `${note}\n`],
    ['no signature', note.slice(0, note.indexOf('— '))],
    ['a hyphen for the dash', note.replace('— ', '- ')],
    ['two spaces', note.replace('— ', '—  ')],
    ['loose base64 in the signature', note.replace(/\n$/, '=\n')],
    ['an origin of two words', note.replace(origin, 'ledger example')],
    ['17 signatures', note + note.slice(note.indexOf('— ')).repeat(16)],
    ['20,000 characters', note.replace(origin, 'x'.repeat(20_000))],
    ['nothing', ''],
  ])('are refused with %s', (_, text) => expect(codeOf(() => parseCheckpoint(text))).toBe('checkpoint.malformed'));
});

describe('I9: the signer’s guard', () => {
  const hasher = treeHasher(plainCrypto);
  const leaves = leavesOf(11);
  const last = naiveHead(leaves.slice(0, 6));
  const consistency = naiveProof(6, leaves);
  const fork = naiveHead(leavesOf(12).toSpliced(3, 1));

  it('signs the first head, the same head again, and a proven extension', () => {
    expect(judgeSigning(hasher, { last: null, head, consistency: [] }).outcome).toBe('sign');
    expect(judgeSigning(hasher, { last: head, head, consistency: [] }).outcome).toBe('sign');
    expect(judgeSigning(hasher, { last, head, consistency }).outcome).toBe('sign');
  });

  it.each([
    ['a smaller tree, as after a restore', { last: head, head: last, consistency: [] }, 'smaller'],
    ['another root for a size it signed', { last: head, head: fork, consistency: [] }, 'same_size_other_root'],
    ['a fork with a true proof of something else', { last, head: fork, consistency }, 'not_consistent'],
    ['an extension without its proof', { last, head, consistency: [] }, 'not_consistent'],
  ])('refuses %s', (_, request, reason) =>
    expect(judgeSigning(hasher, request)).toEqual({ outcome: 'refuse', reason }),
  );
});
