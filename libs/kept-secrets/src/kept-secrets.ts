import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Seals secrets that have to be read again, so that a copy of the database alone tells none of them (I13). */
export interface KeptSecrets {
  /** @param purpose what it is for and whose: it opens for nothing else */
  seal(secret: string, purpose: string): string;
  /** @throws {SecretUnreadable} for what no key of ours sealed for this purpose. */
  open(sealed: string, purpose: string): string;
}

/** Another key, another purpose, or not the bytes that were sealed. Tells nothing of them. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
  readonly code = 'secrets.unreadable';

  constructor() {
    super('a kept secret cannot be read: was SECRETS_KEY changed? Give the old key behind the new one');
  }
}

interface Key {
  /** Told in what it sealed, so that keys can be changed one after the other. */
  readonly id: string;
  readonly bytes: Buffer;
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param given texts of 32 or more characters: the first seals, all of them open */
export function keepSecrets(given: readonly [string, ...string[]]): KeptSecrets {
  const keys = given.map(keyOf);
  const [current] = keys as [Key, ...Key[]];
  return {
    seal: (secret, purpose) => [VERSION, current.id, sealed(secret, purpose, current)].join('.'),
    open: (text, purpose) => {
      const [version, id, body = ''] = text.split('.');
      const key = keys.find((each) => each.id === id);
      if (version !== VERSION || !key) throw new SecretUnreadable();
      return opened(Buffer.from(body, 'base64url'), purpose, key);
    },
  };
}

/** A text may be of any length and form; what is derived from it says nothing about it. */
function keyOf(text: string): Key {
  const derive = (what: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', text, 'countersign', `kept-secrets ${what}`, bytes));
  return { id: derive('id', 4).toString('hex'), bytes: derive('key', 32) };
}

function sealed(secret: string, purpose: string, { bytes }: Key): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function opened(bytes: Buffer, purpose: string, key: Key): string {
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(tag);
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    // The cause is dropped on purpose: what a cipher says of bytes it refuses is of use to nobody else.
    throw new SecretUnreadable();
  }
}
