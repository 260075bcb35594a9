import { HASH_BYTES } from '../bytes.ts';
import type { LedgerCrypto } from '../crypto.ts';

/** RFC 6962 section 2.1, the part above the leaves. */
export interface TreeHasher {
  /** SHA-256(0x01 ‖ left ‖ right). */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;

  /** The root of no leaves: SHA-256 of nothing. */
  readonly emptyRoot: Uint8Array;
}

const NODE_PREFIX = 0x01;

/** Reuses one buffer; synchronous, so calls cannot interleave. */
export function treeHasher(crypto: LedgerCrypto): TreeHasher {
  const buffer = new Uint8Array(1 + 2 * HASH_BYTES);
  buffer[0] = NODE_PREFIX;

  return {
    emptyRoot: crypto.sha256(new Uint8Array(0)),
    node(left, right) {
      buffer.set(left, 1);
      buffer.set(right, 1 + HASH_BYTES);
      return crypto.sha256(buffer);
    },
  };
}
