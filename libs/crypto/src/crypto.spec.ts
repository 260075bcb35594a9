import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateSigningKey, nodeCrypto, signerFromPem, SigningKeyError } from './index.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const letter = new TextEncoder().encode('pay ada');

describe('SHA-256 (FIPS 180-4)', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['616263', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('hashes `%s` as the standard says', (message, digest) =>
    expect(hex(nodeCrypto.sha256(bytes(message)))).toBe(digest),
  );

  it('reads only the view it is given, and returns bytes that later calls leave alone', () => {
    const buffer = bytes('00616263ff');
    const first = nodeCrypto.sha256(buffer.subarray(1, 4));
    nodeCrypto.sha256(bytes('00'));
    expect(hex(first)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(first.buffer.byteLength).toBe(32);
  });
});

describe('Ed25519', () => {
  // RFC 8032 section 7.1, test 2.
  const publicKey = bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = bytes(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );

  it('verifies the vector of RFC 8032', () =>
    expect(nodeCrypto.verifyEd25519(publicKey, bytes('72'), signature)).toBe(true));

  it('refuses any other message, key or signature without throwing', () => {
    expect(nodeCrypto.verifyEd25519(publicKey, bytes('73'), signature)).toBe(false);
    expect(nodeCrypto.verifyEd25519(publicKey, bytes('72'), signature.slice(1))).toBe(false);
    expect(nodeCrypto.verifyEd25519(publicKey.slice(1), bytes('72'), signature)).toBe(false);
    expect(nodeCrypto.verifyEd25519(new Uint8Array(32).fill(255), bytes('72'), signature)).toBe(false);
  });

  it('signs what verifies, with a key that survives its text form', () => {
    const pem = generateSigningKey();
    const signed = signerFromPem(pem).sign(letter);
    expect(nodeCrypto.verifyEd25519(signerFromPem(pem).publicKey, letter, signed)).toBe(true);
  });

  it('refuses other keys and torn texts without repeating them', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
    expect(() => signerFromPem(rsa.toString())).toThrow(SigningKeyError);
    expect(() => signerFromPem('-----BEGIN PRIVATE KEY-----\nc2VjcmV0')).toThrow(/^the signing key must be/);
  });
});
