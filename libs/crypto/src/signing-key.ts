import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** An Ed25519 key pair that signs. The private key cannot be read back from it. */
export interface SigningKey {
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;

  /** RFC 8032, 64 bytes, the same for the same message. */
  sign(message: Uint8Array): Uint8Array;
}

/** Why a text is not a signing key. The message never repeats any of it. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
  readonly code = 'signing_key.malformed';
}

/** A new private key as PKCS #8 PEM: a secret, for a file of mode 600 or a secret store. */
export function generateSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** @throws {SigningKeyError} unless it is an unencrypted Ed25519 private key. */
export function signerFromPem(pem: string): SigningKey {
  const privateKey = readPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new SigningKeyError(`the signing key must be an Ed25519 private key, not ${privateKey.asymmetricKeyType}`);

  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { publicKey: Uint8Array.from(spki.subarray(-32)), sign: (message) => sign(null, message, privateKey) };
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause is dropped on purpose: OpenSSL's errors may quote what they were given.
    throw new SigningKeyError('the signing key must be an unencrypted private key in PEM form (PKCS #8)');
  }
}
