import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';

/** Parsing a key takes as long as verifying with it, and a deployment knows only a few. */
const PARSED_KEYS_MAX = 256;

/** RFC 8410: what precedes the 32 raw bytes of an Ed25519 public key in its DER form. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const parsedKeys = new Map<string, KeyObject | null>();

/** The platform's own primitives. Structurally a `LedgerCrypto`. */
export const nodeCrypto = {
  /** Returns 32 fresh bytes with a buffer of their own, so that keeping one keeps no more than that alive. */
  sha256(bytes: Uint8Array): Uint8Array {
    // One-shot hashing into a binary string and out again takes two thirds of the time of hashing into a Buffer.
    const digest = hash('sha256', bytes, 'binary');
    const result = new Uint8Array(32);
    for (let index = 0; index < 32; index += 1) result[index] = digest.charCodeAt(index);
    return result;
  },

  /** The same as 64 lower-case digits. */
  sha256Hex: (bytes: Uint8Array): string => hash('sha256', bytes, 'hex'),

  /** RFC 8032. False, never an exception, for keys and signatures of the wrong length or form. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const key = signature.length === 64 ? parsedKey(publicKey) : null;
    return key !== null && verify(null, message, key, signature);
  },
};

function parsedKey(publicKey: Uint8Array): KeyObject | null {
  const name = Buffer.from(publicKey).toString('latin1');
  const known = parsedKeys.get(name);
  if (known !== undefined) return known;

  if (parsedKeys.size >= PARSED_KEYS_MAX) parsedKeys.clear();
  const key = parse(publicKey);
  parsedKeys.set(name, key);
  return key;
}

function parse(publicKey: Uint8Array): KeyObject | null {
  if (publicKey.length !== 32) return null;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  } catch {
    // Not a key at all verifies nothing, which is all a caller needs to know.
    return null;
  }
}
