import { createHash, randomBytes } from 'node:crypto';

/** An agent's credential. Its text leaves once, in the answer to whoever issued it. */
export interface NewAgentKey {
  readonly key: string;
  /** Shown in lists, so that people can tell keys apart. */
  readonly prefix: string;
  /** SHA-256 of the whole key, hexadecimal: all that is kept (I13). */
  readonly hash: string;
}

const PREFIX_CHARACTERS = 12;

/** `csk_` and 32 random bytes. */
export function newAgentKey(): NewAgentKey {
  const key = `csk_${randomBytes(32).toString('base64url')}`;
  return { key, prefix: key.slice(0, PREFIX_CHARACTERS), hash: createHash('sha256').update(key).digest('hex') };
}
