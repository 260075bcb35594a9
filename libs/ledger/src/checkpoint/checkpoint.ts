import { concatBytes, fromBase64, HASH_BYTES, toBase64, toHex, utf8 } from '../bytes.ts';
import type { CheckpointSigner, LedgerCrypto } from '../crypto.ts';
import { LedgerFormatError } from '../format-error.ts';
import type { TreeHead } from '../tree/index.ts';
import { verifierKey, type VerifierKey } from './verifier-key.ts';

/** A tree head and the log it belongs to: `<host>/<organization id>`, after a restore with a further segment. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  /** Ed25519, 64 bytes, if it is one of ours; a witness's may be longer. */
  readonly signature: Uint8Array;
}

/** A checkpoint as text that was read. Reading proves nothing: see `checkSignature`. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
  /** In the order of the note. At least one. */
  readonly signatures: readonly NoteSignature[];
}

/** More than any log needs, and what C2SP signed-note asks verifiers to accept at least. */
const SIGNATURES_MAX = 16;
const NOTE_CHARACTERS_MAX = 16_384;

/** The bytes a signature covers (C2SP tlog-checkpoint): three lines, no extension lines, each with its newline. */
export const checkpointBody = ({ origin, size, root }: Checkpoint) => `${origin}\n${size}\n${toBase64(root)}\n`;

/** Signs under the origin's name. Whoever calls this has asked `judgeSigning` first. */
export function signCheckpoint(crypto: LedgerCrypto, checkpoint: Checkpoint, signer: CheckpointSigner): string {
  const key = verifierKey(crypto, checkpoint.origin, signer.publicKey);
  return attachSignature(checkpoint, key, signer.sign(utf8(checkpointBody(checkpoint))));
}

/** For signatures that come from elsewhere, such as a key service that answers later. */
export function attachSignature(checkpoint: Checkpoint, key: VerifierKey, signature: Uint8Array): string {
  const keyIdBytes = Uint8Array.from([0, 2, 4, 6], (at) => Number.parseInt(key.keyId.slice(at, at + 2), 16));
  return `${checkpointBody(checkpoint)}\n— ${key.name} ${toBase64(concatBytes(keyIdBytes, signature))}\n`;
}

/**
 * Reads a checkpoint strictly: exactly three body lines and 1 to 16 signature lines, every part in its one canonical
 * form, so that no two texts read alike.
 *
 * @throws {LedgerFormatError} naming the line that is wrong.
 */
export function parseCheckpoint(note: string): SignedCheckpoint {
  if (note.length > NOTE_CHARACTERS_MAX) throw malformed(`is over ${NOTE_CHARACTERS_MAX} characters`);
  const [body, lines] = splitNote(note);
  const [origin, size, root, ...rest] = body.split('\n');
  if (rest.length !== 1 || rest[0] !== '') throw malformed('must have exactly three lines before the empty one');

  return {
    note,
    origin: readOrigin(origin),
    size: readSize(size),
    root: readRoot(root),
    signatures: lines.map(readSignature),
  };
}

/** What a known key says of a checkpoint. A failed signature by a known key condemns the whole note. */
export type SignatureVerdict =
  | { readonly outcome: 'valid'; readonly key: VerifierKey }
  | { readonly outcome: 'invalid'; readonly key: VerifierKey }
  | { readonly outcome: 'unknown_key' };

/** Looks for the signatures of `keys` among the checkpoint's and ignores all others, as C2SP signed-note says. */
export function checkSignature(
  crypto: LedgerCrypto,
  checkpoint: SignedCheckpoint,
  keys: readonly VerifierKey[],
): SignatureVerdict {
  const message = utf8(checkpointBody(checkpoint));
  let verdict: SignatureVerdict = { outcome: 'unknown_key' };
  for (const { name, keyId, signature } of checkpoint.signatures) {
    const key = keys.find((candidate) => candidate.name === name && candidate.keyId === keyId);
    if (!key) continue;
    if (!crypto.verifyEd25519(key.publicKey, message, signature)) return { outcome: 'invalid', key };
    if (verdict.outcome === 'unknown_key') verdict = { outcome: 'valid', key };
  }
  return verdict;
}

function splitNote(note: string): readonly [body: string, lines: readonly string[]] {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n'))
    throw malformed('must be a text, an empty line, and signature lines that end in a newline');

  const lines = note.slice(at + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX)
    throw malformed(`has ${lines.length} signatures; at most ${SIGNATURES_MAX} are read`);
  return [note.slice(0, at + 1), lines];
}

function readOrigin(line = ''): string {
  if (!/^[^\s+\p{Cc}]+$/u.test(line))
    throw malformed('line 1, the origin, must be one word without `+`, such as `ledger.example/<organization>`');
  return line;
}

function readSize(line = ''): number {
  const size = Number(line);
  if (!/^(0|[1-9]\d*)$/.test(line) || !Number.isSafeInteger(size))
    throw malformed('line 2, the size, must be a decimal number without leading zeros');
  return size;
}

function readRoot(line = ''): Uint8Array {
  const root = fromBase64(line);
  if (root?.length !== HASH_BYTES) throw malformed('line 3, the root, must be the base64 of 32 bytes');
  return root;
}

function readSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— ([^\s+\p{Cc}]+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!bytes || bytes.length < 5)
    throw malformed('a signature line must be `— name base64`, the base64 of a key id and a signature');
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

const malformed = (message: string) => new LedgerFormatError('checkpoint.malformed', `the checkpoint ${message}`);
