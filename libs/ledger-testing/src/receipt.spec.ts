import { nodeCrypto } from '@countersign/crypto';
import { toBase64 } from '@countersign/ledger';
import { readReceipt, receiptOf, verifyReceipt, type Receipt } from '@countersign/ledger/export';
import { describe, expect, it } from 'vitest';
import { erase, linesOf, noteOf, openBook, record, refunds } from './book.mother.ts';
import { newSigner, vkeyOf } from './event.mother.ts';

async function receiptFor(position: number, erased = false) {
  const book = await openBook();
  await record(book, ...refunds(8));
  if (erased) await erase(book, position);
  const { size } = await book.ledger.head(book.organization);
  const [event] = await book.ledger.readPositions(book.organization, { from: position, limit: 1 });
  if (!event) throw new Error(`position ${position} is missing`);
  const inclusion = await book.ledger.inclusionProof(book.organization, position, size);
  const checkpoint = noteOf(await linesOf(book, size), size);
  return { ...book, receipt: receiptOf(nodeCrypto, { event, inclusion, checkpoint, vkey: book.vkey }) };
}

const codesOf = (receipt: Receipt, ...vkeys: string[]) =>
  verifyReceipt(nodeCrypto, receipt, vkeys).problems.map(({ code }) => code);

describe('a receipt', () => {
  it('verifies with nothing else at hand, survives its text, and says what it does not prove', async () => {
    const { receipt, vkey } = await receiptFor(5);
    const read = readReceipt(JSON.stringify(receipt));
    expect(verifyReceipt(nodeCrypto, read)).toEqual({
      ok: true,
      problems: [],
      payload: 'present',
      pinned: false,
      summary: 'position 5 is in the log; payload present; signer not checked against anything from elsewhere',
    });
    expect(verifyReceipt(nodeCrypto, read, [vkey])).toMatchObject({
      ok: true,
      pinned: true,
      summary: 'position 5 is in the log; payload present; signed by a pinned key',
    });
  });

  it('outlives the erasure of its payload', async () => {
    const { receipt } = await receiptFor(5, true);
    expect(verifyReceipt(nodeCrypto, receipt)).toMatchObject({ ok: true, payload: 'erased' });
  });

  it('I9: fails for another payload, field, position, proof, log or signer', async () => {
    const [{ receipt, origin }, other] = [await receiptFor(5), await receiptFor(5)];
    const event = receipt.event;
    expect(codesOf({ ...receipt, event: { ...event, payload: '{}' } as typeof event })).toEqual([
      'receipt.payload_altered',
    ]);
    expect(codesOf({ ...receipt, event: { ...event, type: 'RefundDenied' } })).toEqual([
      'receipt.event_altered',
      'receipt.not_included',
    ]);
    expect(codesOf({ ...receipt, event: { ...event, position: 4 } })).toEqual([
      'receipt.event_altered',
      'receipt.not_included',
    ]);
    expect(codesOf({ ...receipt, inclusion: receipt.inclusion.slice(1) })).toEqual(['receipt.not_included']);
    expect(codesOf({ ...receipt, checkpoint: other.receipt.checkpoint })).toContain('receipt.other_log');
    expect(codesOf({ ...receipt, vkey: vkeyOf(origin, newSigner()) })).toEqual(['receipt.bad_signature']);
    expect(codesOf({ ...receipt, checkpoint: receipt.checkpoint.replace('\n9\n', '\n8\n') })).toContain(
      'receipt.bad_signature',
    );
    expect(codesOf({ ...receipt, checkpoint: 'yesterday' })).toEqual(['checkpoint.malformed']);
    expect(codesOf(receipt, other.vkey)).toEqual(['receipt.unknown_key']);
    expect(codesOf({ ...receipt, organization: other.organization })).toContain('receipt.other_log');
  });

  it.each([
    ['no JSON', () => '{', /must be one JSON object/],
    ['another format', (r: Receipt) => JSON.stringify({ ...r, format: 'x' }), /`format`/],
    ['a field more', (r: Receipt) => JSON.stringify({ ...r, note: 'x' }), /note/],
    [
      'a short hash',
      (r: Receipt) => JSON.stringify({ ...r, inclusion: [toBase64(new Uint8Array(31))] }),
      /`inclusion\.0`: must be the base64 of 32 bytes/,
    ],
    [
      'a wrong position',
      (r: Receipt) => JSON.stringify({ ...r, event: { ...r.event, position: -1 } }),
      /`event\.position`/,
    ],
  ])('is refused, by field, with %s', async (_, textOf, message) => {
    const { receipt } = await receiptFor(5);
    expect(() => readReceipt(textOf(receipt))).toThrow(message);
  });
});
