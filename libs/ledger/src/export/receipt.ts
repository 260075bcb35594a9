import { z } from 'zod';
import { checkSignature, formatVkey, parseCheckpoint, parseVkey } from '../checkpoint/index.ts';
import { equalBytes, HASH_BYTES, fromBase64, toBase64 } from '../bytes.ts';
import type { LedgerCrypto } from '../crypto.ts';
import type { RecordedEvent } from '../envelope.ts';
import { LedgerFormatError } from '../format-error.ts';
import { leafHasher } from '../leaf.ts';
import { inclusionHolds, treeHasher } from '../tree/index.ts';
import { EventBody, eventBody, eventOf, fieldProblem, hashBytes, LedgerOrganization } from './export-lines.ts';
import { isOriginOf } from './export-verifier.ts';

/** One event, the proof that it is in a log, and a checkpoint of that log: verifiable with nothing else at hand. */
export const Receipt = z.strictObject({
  format: z.literal('countersign-receipt/1'),
  organization: LedgerOrganization,
  event: EventBody,
  /** RFC 6962 audit path in the tree of the checkpoint, base64, deepest first. */
  inclusion: z
    .array(z.string().refine((text) => fromBase64(text)?.length === HASH_BYTES, 'must be the base64 of 32 bytes'))
    .max(64),
  checkpoint: z.string(),
  /** The key that signed the checkpoint. Believe it only after comparing it with one obtained elsewhere. */
  vkey: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;

export type ReceiptCode =
  | LedgerFormatError['code']
  | 'receipt.payload_altered'
  | 'receipt.event_altered'
  | 'receipt.not_included'
  | 'receipt.other_log'
  | 'receipt.unknown_key'
  | 'receipt.bad_signature';

export interface ReceiptReport {
  readonly ok: boolean;
  readonly problems: readonly { readonly code: ReceiptCode; readonly message: string }[];
  readonly payload: 'present' | 'erased' | 'altered';
  /** Whether the signer was compared with a key from elsewhere. */
  readonly pinned: boolean;
  readonly summary: string;
}

/** What a receipt is made of; the checkpoint must cover the event and the proof be for its size. */
export interface ReceiptParts {
  readonly event: RecordedEvent;
  readonly inclusion: readonly Uint8Array[];
  readonly checkpoint: string;
  readonly vkey: string;
}

export function receiptOf(crypto: LedgerCrypto, { event, inclusion, checkpoint, vkey }: ReceiptParts): Receipt {
  return {
    format: 'countersign-receipt/1',
    organization: event.organizationId,
    event: eventBody(event, leafHasher(crypto).leafHash(event, event.commitment)),
    inclusion: inclusion.map(toBase64),
    checkpoint,
    vkey,
  };
}

/** @throws {LedgerFormatError} naming the field that is wrong. */
export function readReceipt(text: string): Receipt {
  const receipt = Receipt.safeParse(readJson(text));
  if (!receipt.success) throw malformed(fieldProblem(receipt.error));
  return receipt.data;
}

/**
 * Checks a receipt offline. With `vkeys` the signer has to be one of them; without, it only proves that the parts fit
 * each other, and the report says so.
 *
 * @throws {LedgerFormatError} for a malformed entry of `vkeys`: the caller's mistake, not the receipt's.
 */
export function verifyReceipt(crypto: LedgerCrypto, receipt: Receipt, vkeys: readonly string[] = []): ReceiptReport {
  const trusted = vkeys.map((vkey) => formatVkey(parseVkey(crypto, vkey)));
  const pinned = trusted.length > 0;
  const event = eventOf(receipt.event, receipt.organization);
  const payload = payloadOf(crypto, event);
  const problems = [...problemsOf(crypto, receipt, event)];
  if (payload === 'altered')
    problems.push(problem('receipt.payload_altered', 'the payload is not what the ledger committed to'));
  if (pinned && !trusted.includes(receipt.vkey))
    problems.push(problem('receipt.unknown_key', `\`${receipt.vkey}\` is not one of the keys given`));

  const summary = problems[0]?.message ?? summaryOf(event, payload, pinned);
  return { ok: problems.length === 0, problems, payload, pinned, summary };
}

type ReceiptProblem = ReceiptReport['problems'][number];

/** Whether the event is in the signed tree, and the tree is that of its organization. */
function* problemsOf(crypto: LedgerCrypto, receipt: Receipt, event: RecordedEvent): Generator<ReceiptProblem> {
  const leafHash = leafHasher(crypto).leafHash(event, event.commitment);
  if (!equalBytes(leafHash, hashBytes(receipt.event.leaf)))
    yield problem('receipt.event_altered', 'the fields of the event do not give its leaf hash');

  const signed = readSigned(crypto, receipt);
  if ('problem' in signed) return yield signed.problem;
  const { checkpoint, key } = signed;
  if (!isOriginOf(checkpoint.origin, receipt.organization))
    yield problem(
      'receipt.other_log',
      `the checkpoint is of \`${checkpoint.origin}\`, not of organization ${receipt.organization}`,
    );
  if (checkSignature(crypto, checkpoint, [key]).outcome !== 'valid')
    yield problem('receipt.bad_signature', 'the checkpoint is not signed by the key the receipt names');
  const claim = { index: event.position, leafHash, head: checkpoint };
  if (!inclusionHolds(treeHasher(crypto), claim, receipt.inclusion.map(hashBytes)))
    yield problem(
      'receipt.not_included',
      `the proof does not show the event at position ${event.position} of the signed tree`,
    );
}

function readSigned(crypto: LedgerCrypto, receipt: Receipt) {
  try {
    return { checkpoint: parseCheckpoint(receipt.checkpoint), key: parseVkey(crypto, receipt.vkey) };
  } catch (error) {
    if (error instanceof LedgerFormatError) return { problem: problem(error.code, error.message) };
    throw error;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('it must be one JSON object');
  }
}

function payloadOf(crypto: LedgerCrypto, { content, commitment }: RecordedEvent): ReceiptReport['payload'] {
  if (content === null) return 'erased';
  return equalBytes(leafHasher(crypto).commitment(content), commitment) ? 'present' : 'altered';
}

function summaryOf({ position }: RecordedEvent, payload: string, pinned: boolean): string {
  const signer = pinned ? 'signed by a pinned key' : 'signer not checked against anything from elsewhere';
  return `position ${position} is in the log; payload ${payload}; ${signer}`;
}

const problem = (code: ReceiptCode, message: string): ReceiptProblem => ({ code, message });

const malformed = (message: string) =>
  new LedgerFormatError('receipt.malformed', `the receipt is malformed: ${message}`);
