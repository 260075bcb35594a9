import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { generateSigningKey, signerFromPem, type SigningKey } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { isAbsent, replaceFile } from './durable-file.ts';
import { SigningKeys, SigningKeyUnavailable, type HeldKey } from './signing-keys.ts';

const heldKey = ({ publicKey, sign }: SigningKey): HeldKey => ({ publicKey, sign: async (message) => sign(message) });

const nameOf = (publicKey: Uint8Array) => Buffer.from(publicKey).toString('hex');

/** Bits that would let anybody but the owner at a private key. */
const OTHERS = 0o077;

/**
 * One file of mode 600 for each key, in a folder for each organization. Keys of former times stay: a log that was
 * turned back may need them to vouch for the next.
 */
export class FileSigningKeys extends SigningKeys {
  readonly #held = new Map<string, HeldKey>();

  constructor(private readonly directory: string) {
    super();
  }

  /** Takes up a key that was made for this organization and never came into use, before it makes another. */
  override async provide(organizationId: OrganizationId, known: readonly Uint8Array[]): Promise<HeldKey> {
    const used = new Set(known.map(nameOf));
    const waiting = (await this.#names(organizationId)).find((name) => !used.has(name));
    if (waiting !== undefined) return this.#read(organizationId, waiting);

    const pem = generateSigningKey();
    const key = signerFromPem(pem);
    await replaceFile(this.#file(organizationId, nameOf(key.publicKey)), pem);
    return heldKey(key);
  }

  override async find(organizationId: OrganizationId, publicKey: Uint8Array): Promise<HeldKey | null> {
    const name = nameOf(publicKey);
    const held = this.#held.get(`${organizationId}/${name}`);
    if (held) return held;
    try {
      return await this.#read(organizationId, name);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async #names(organizationId: OrganizationId): Promise<readonly string[]> {
    try {
      const files = await readdir(path.join(this.directory, organizationId));
      return files.filter((file) => /^[0-9a-f]{64}\.pem$/.test(file)).map((file) => file.slice(0, -'.pem'.length));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  async #read(organizationId: OrganizationId, name: string): Promise<HeldKey> {
    const file = this.#file(organizationId, name);
    const key = heldKey(signerFromPem(await readSecret(file)));
    if (nameOf(key.publicKey) !== name)
      throw new SigningKeyUnavailable(`${file} does not hold the key it is named after`);
    this.#held.set(`${organizationId}/${name}`, key);
    return key;
  }

  #file(organizationId: OrganizationId, name: string): string {
    return path.join(this.directory, organizationId, `${name}.pem`);
  }
}

/** @throws {SigningKeyUnavailable} when others may read the file: a key that leaked signs forgeries. */
async function readSecret(file: string): Promise<string> {
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0)
    throw new SigningKeyUnavailable(
      `${file} may be read by others: make it mode 600 (\`chmod 600\`) and rotate the key`,
    );
  return readFile(file, 'utf8');
}

const PEM = /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g;

/**
 * Keys that were given in one secret file (`SIGNING_KEY_FILE`), for every organization the same: the first is used for
 * what begins now, the others still sign what they began. To rotate, a new key is put first.
 */
export class GivenSigningKeys extends SigningKeys {
  constructor(private readonly keys: readonly HeldKey[]) {
    super();
  }

  /** @throws {SigningKeyError} for a text that is no Ed25519 key; {SigningKeyUnavailable} for a file without any. */
  static async from(file: string): Promise<GivenSigningKeys> {
    const keys = ((await readFile(file, 'utf8')).match(PEM) ?? []).map((pem) => heldKey(signerFromPem(pem)));
    if (keys.length === 0)
      throw new SigningKeyUnavailable(`${file} must hold at least one Ed25519 private key in PEM form`);
    return new GivenSigningKeys(keys);
  }

  override async provide(_organizationId: OrganizationId, known: readonly Uint8Array[]): Promise<HeldKey> {
    const used = new Set(known.map(nameOf));
    const fresh = this.keys.find(({ publicKey }) => !used.has(nameOf(publicKey)));
    if (!fresh)
      throw new SigningKeyUnavailable(
        'every key of SIGNING_KEY_FILE was used by this log before: put a new one first in the file and restart',
      );
    return fresh;
  }

  override async find(_organizationId: OrganizationId, publicKey: Uint8Array): Promise<HeldKey | null> {
    return this.keys.find((key) => nameOf(key.publicKey) === nameOf(publicKey)) ?? null;
  }
}
