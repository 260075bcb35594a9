/** Bytes, their text forms and their comparison: what every format of the ledger is written with. */

export const HASH_BYTES = 32;

const encoder = new TextEncoder();

export const utf8 = (text: string) => encoder.encode(text);

/** RFC 4648 section 4, padded. For hashes, salts and signatures: not for long content. */
export const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Reads only the one text `toBase64` writes; anything else is null. Two texts for the same bytes would let a
 * changed export verify.
 */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return null;
  const binary = atob(text);
  if (btoa(binary) !== text) return null;

  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
