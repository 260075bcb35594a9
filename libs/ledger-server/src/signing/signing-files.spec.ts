import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateSigningKey, nodeCrypto, signerFromPem } from '@countersign/crypto';
import { OrganizationId } from '@countersign/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileCheckpointSink } from './file-checkpoint-sink.ts';
import { FileSignerState } from './file-signer-state.ts';
import { FileSigningKeys, GivenSigningKeys } from './file-signing-keys.ts';
import { LedgerOpening } from './ledger-opening.ts';
import { SigningKeyUnavailable } from './signing-keys.ts';

const treasury = OrganizationId.parse('0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f');
const payroll = OrganizationId.parse('0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e10');
const origin = `ledger.example/${treasury}`;
const head = (size: number, byte = size) => ({ size, root: new Uint8Array(32).fill(byte) });
const message = new TextEncoder().encode('pay ada');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'signing-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('keys in files', () => {
  it('sign what verifies, and are found again by another process', async () => {
    const made = await new FileSigningKeys(directory).provide(treasury, []);
    const found = await new FileSigningKeys(directory).find(treasury, made.publicKey);
    const signature = await found?.sign(message);
    expect(nodeCrypto.verifyEd25519(made.publicKey, message, signature ?? message)).toBe(true);
  });

  it('belong to one organization each', async () => {
    const keys = new FileSigningKeys(directory);
    const { publicKey } = await keys.provide(treasury, []);
    expect(await keys.find(payroll, publicKey)).toBeNull();
    expect((await keys.provide(payroll, [])).publicKey).not.toEqual(publicKey);
  });

  it('are taken up when they never came into use, and made anew when they did', async () => {
    const keys = new FileSigningKeys(directory);
    const { publicKey } = await keys.provide(treasury, []);
    expect((await keys.provide(treasury, [])).publicKey).toEqual(publicKey);
    expect((await keys.provide(treasury, [publicKey])).publicKey).not.toEqual(publicKey);
  });

  it('I13: are refused when others may read them, without a word of the key', async () => {
    const { publicKey } = await new FileSigningKeys(directory).provide(treasury, []);
    const [name = ''] = await readdir(path.join(directory, treasury));
    const file = path.join(directory, treasury, name);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o644);
    const attempt = new FileSigningKeys(directory).find(treasury, publicKey);
    await expect(attempt).rejects.toThrow(SigningKeyUnavailable);
    await expect(attempt).rejects.toThrow(/chmod 600/);
  });
});

describe('keys in one secret file', () => {
  it('give the first that a log has not used, and keep signing with the others', async () => {
    const [young, old] = [generateSigningKey(), generateSigningKey()];
    const file = path.join(directory, 'keys.pem');
    await writeFile(file, `${young}${old}`);
    const keys = await GivenSigningKeys.from(file);
    const [first, second] = [signerFromPem(young).publicKey, signerFromPem(old).publicKey];
    expect((await keys.provide(treasury, [])).publicKey).toEqual(first);
    expect((await keys.provide(treasury, [first])).publicKey).toEqual(second);
    expect(await keys.find(treasury, second)).not.toBeNull();
    await expect(keys.provide(treasury, [first, second])).rejects.toThrow(/put a new one first in the file/);
  });

  it('must be there', async () => {
    const file = path.join(directory, 'keys.pem');
    await writeFile(file, 'hunter2');
    await expect(GivenSigningKeys.from(file)).rejects.toThrow(/at least one Ed25519 private key/);
    await expect(GivenSigningKeys.from(file)).rejects.not.toThrow(/hunter2/);
  });
});

describe('what the signer remembers', () => {
  it('is read anew each time, by log name, and never goes back', async () => {
    const [mine, other] = [new FileSignerState(directory), new FileSignerState(directory)];
    expect(await mine.last(treasury, origin)).toBeNull();
    await other.remember(treasury, origin, head(7));
    await mine.remember(treasury, `${origin}/2`, head(3));
    await mine.remember(treasury, origin, head(6));
    expect(await mine.last(treasury, origin)).toEqual(head(7));
    expect(await other.last(treasury, `${origin}/2`)).toEqual(head(3));
    expect(await other.last(payroll, origin)).toBeNull();
    expect(await readdir(directory)).toEqual([`${treasury}.json`]);
  });

  it('is not guessed when the file is damaged', async () => {
    await writeFile(path.join(directory, `${treasury}.json`), '{"torn');
    await expect(new FileSignerState(directory).last(treasury, origin)).rejects.toThrow(/cannot be read: restore it/);
    await writeFile(path.join(directory, `${treasury}.json`), JSON.stringify({ [origin]: { size: 1, root: 'x' } }));
    await expect(new FileSignerState(directory).last(treasury, origin)).rejects.toThrow(/damaged/);
  });
});

describe('the file of checkpoints', () => {
  it('grows by each, and begins anew where it was moved away', async () => {
    const sink = new FileCheckpointSink(path.join(directory, 'deep', 'checkpoints'));
    const file = path.join(directory, 'deep', 'checkpoints', `${treasury}.txt`);
    for (const size of [1, 2]) await sink.accept({ organizationId: treasury, size, note: `note ${size}\n` });
    expect(await readFile(file, 'utf8')).toBe('note 1\n\nnote 2\n\n');
    await rm(file);
    await sink.accept({ organizationId: treasury, size: 3, note: 'note 3\n' });
    expect(await readFile(file, 'utf8')).toBe('note 3\n\n');
  });
});

describe('the name of a log', () => {
  it.each(['ledger example', 'a+b', 'host/path', ''])(
    'cannot begin with `%s`: a signature line could not carry it',
    (host) =>
      expect(() => new LedgerOpening(host, nodeCrypto, new FileSigningKeys(directory))).toThrow(
        /one word without `\+` and `\/`/,
      ),
  );
});
