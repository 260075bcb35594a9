/**
 * The two primitives a ledger stands on. They arrive as a parameter so that this library runs anywhere: the hot
 * path hands in the native ones, a browser may hand in its own.
 */
export interface LedgerCrypto {
  /** FIPS 180-4. Returns 32 fresh bytes; the caller reuses the buffer it passed in. */
  sha256(bytes: Uint8Array): Uint8Array;

  /** RFC 8032 over the raw 32-byte public key. A malformed key or signature is `false`, never an exception. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Holds a private key that never leaves it. */
export interface CheckpointSigner {
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;

  /** Ed25519 (RFC 8032): 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}
