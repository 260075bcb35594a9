import { concatBytes, equalBytes, fromBase64, toBase64, toHex, utf8 } from '../bytes.ts';
import type { LedgerCrypto } from '../crypto.ts';
import { LedgerFormatError } from '../format-error.ts';

/** A public key that signs checkpoints, with the name it signs under (C2SP signed-note). */
export interface VerifierKey {
  /** The log's origin. No white space, no `+`. */
  readonly name: string;
  /** 8 hexadecimal digits. An identifier, not a fingerprint: it is easily made to collide. */
  readonly keyId: string;
  /** Raw Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The signed-note type byte of plain Ed25519. */
const ED25519 = 0x01;
const NAME = /^[^\s+\p{Cc}]+$/u;

/** @throws {LedgerFormatError} for a name that a signature line cannot carry. */
export function verifierKey(crypto: LedgerCrypto, name: string, publicKey: Uint8Array): VerifierKey {
  if (!NAME.test(name)) throw malformed(`the name \`${name}\` must be one word without \`+\``);
  if (publicKey.length !== 32) throw malformed(`an Ed25519 public key is 32 bytes, not ${publicKey.length}`);
  const digest = crypto.sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(ED25519), publicKey));
  return { name, keyId: toHex(digest.subarray(0, 4)), publicKey };
}

/** `name+keyid+base64(0x01 ‖ public key)`: the text Go's note package and witnesses read. */
export function formatVkey({ name, keyId, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${toBase64(concatBytes(Uint8Array.of(ED25519), publicKey))}`;
}

/** @throws {LedgerFormatError} unless it is exactly what `formatVkey` writes, its key id recomputed. */
export function parseVkey(crypto: LedgerCrypto, vkey: string): VerifierKey {
  const [, name = '', keyId, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  const bytes = fromBase64(encoded);
  if (!bytes || bytes.length !== 33 || bytes[0] !== ED25519)
    throw malformed(`\`${vkey}\` must be name+8 hexadecimal digits+the base64 of 0x01 and 32 bytes`);

  const key = verifierKey(crypto, name, bytes.slice(1));
  if (key.keyId !== keyId)
    throw new LedgerFormatError(
      'vkey.wrong_id',
      `the key id of \`${vkey}\` must be ${key.keyId}: a part of it was changed`,
    );
  return key;
}

export const isSameKey = (left: VerifierKey, right: VerifierKey) =>
  left.name === right.name && equalBytes(left.publicKey, right.publicKey);

const malformed = (message: string) => new LedgerFormatError('vkey.malformed', message);
