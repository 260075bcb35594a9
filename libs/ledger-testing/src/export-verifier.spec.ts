import { nodeCrypto } from '@countersign/crypto';
import { ledgerStream, toBase64 } from '@countersign/ledger';
import { signCheckpoint } from '@countersign/ledger/checkpoint';
import { ExportVerifier } from '@countersign/ledger/export';
import { describe, expect, it } from 'vitest';
import { codesOf, erase, linesOf, noteOf, openBook, record, refunds, verifyFile, verifyLines } from './book.mother.ts';
import { addedKey, newSigner, vkeyOf } from './event.mother.ts';
import { exportOf, fileOf } from './export-of.ts';

/** A key at position 0, ten refunds at 1 to 10, checkpoints at 4 and 11. */
async function tenRefunds() {
  const book = await openBook();
  await record(book, ...refunds(10));
  return { ...book, lines: await linesOf(book, 4, 11) };
}

const edit = (lines: readonly string[], at: number, change: (value: Record<string, unknown>) => object) =>
  lines.map((line, index) => (index === at ? JSON.stringify(change(JSON.parse(line))) : line));
/** The line of a position, the first line being the header. */
const lineAt = (position: number) => position + 1;

describe('an untouched export', () => {
  it('says exactly how little it proves without pins', async () => {
    const { lines } = await tenRefunds();
    const report = verifyLines(lines);
    expect(report).toMatchObject({ ok: true, events: 11, checkpoints: 2, pinned: false, firstBadPosition: null });
    expect(report.summary).toBe(
      'consistent to position 10; end and signer not checked against anything from elsewhere',
    );
    expect(report.payloads).toEqual({ present: 11, erased: 0, altered: 0 });
  });

  it('says what each pin adds', async () => {
    const { lines, vkey } = await tenRefunds();
    const since = noteOf(lines, 4);
    expect(verifyLines(lines, { keys: [vkey] }).summary).toBe(
      'consistent to position 10; signed by a pinned key; end not checked against anything from elsewhere',
    );
    expect(verifyLines(lines, { since }).summary).toBe(
      'consistent to position 10; unchanged to position 3 since the pinned checkpoint; signer not checked against anything from elsewhere',
    );
    const both = verifyLines(lines, { keys: [vkey], since });
    expect(both).toMatchObject({ ok: true, pinned: true });
    expect(both.summary).toBe(
      'consistent to position 10; unchanged to position 3 since the pinned checkpoint; signed by a pinned key',
    );
  });

  it('verifies however its bytes are cut into chunks', async () => {
    const file = fileOf((await tenRefunds()).lines);
    for (const width of [1, 7, 1000]) {
      const verifier = new ExportVerifier(nodeCrypto);
      for (let at = 0; at < file.length; at += width) verifier.push(file.subarray(at, at + width));
      expect(verifier.finish().problems).toEqual([]);
    }
  });

  it('verifies with erased payloads that the ledger records as erased', async () => {
    const book = await openBook();
    await record(book, ...refunds(4));
    await erase(book, 2, 3);
    await erase(book, 3);
    const report = verifyLines(await linesOf(book, 7));
    expect(report).toMatchObject({ ok: true, payloads: { present: 5, erased: 2, altered: 0 } });
  });

  it('verifies across a rotation of keys, pinned by the first', async () => {
    const [book, next] = [await openBook(), newSigner()];
    await record(book, ...refunds(2), {
      stream: ledgerStream(book.organization),
      type: 'SigningKeyAdded',
      payload: JSON.stringify(addedKey({ origin: book.origin, signer: next, validFrom: 0, endorser: book.signer })),
    });
    const lines = await exportOf(book.ledger, book.organization, {
      sizes: [3, 4],
      signer: (size) => (size === 4 ? next : book.signer),
    });
    expect(verifyLines(lines, { keys: [book.vkey] })).toMatchObject({ ok: true, problems: [] });
    expect(verifyLines(lines, { keys: [vkeyOf(book.origin, next)] })).toMatchObject({ ok: true, problems: [] });
    expect(codesOf(verifyLines(lines, { keys: [vkeyOf(book.origin, newSigner())] }))).toEqual([
      'checkpoint.untrusted_key',
    ]);
  });
});

describe('I9: the first bad position', () => {
  it.each([
    ['a dropped line', (l: readonly string[]) => l.toSpliced(lineAt(5), 1), 'event.missing', 5],
    ['a doubled line', (l: readonly string[]) => l.toSpliced(lineAt(5), 0, l[lineAt(5)] ?? ''), 'event.repeated', 5],
    [
      'two swapped lines',
      (l: readonly string[]) => l.toSpliced(lineAt(5), 2, l[lineAt(6)] ?? '', l[lineAt(5)] ?? ''),
      'event.missing',
      5,
    ],
    [
      'another payload',
      (l: readonly string[]) => edit(l, lineAt(5), (e) => ({ ...e, payload: '{"amount":"9"}' })),
      'payload.altered',
      5,
    ],
    [
      'another actor',
      (l: readonly string[]) =>
        edit(l, lineAt(5), (e) => ({
          ...e,
          actor: { ...(e['actor'] as object), id: 'mem_0198c5f000007000800000000000cafe' },
        })),
      'event.altered',
      5,
    ],
    [
      'another time',
      (l: readonly string[]) => edit(l, lineAt(5), (e) => ({ ...e, recordedAt: Number(e['recordedAt']) + 1 })),
      'event.altered',
      5,
    ],
    [
      'a space in a line',
      (l: readonly string[]) => l.with(lineAt(5), `${l[lineAt(5)]} `),
      'export.line_not_canonical',
      5,
    ],
    [
      'a field more',
      (l: readonly string[]) => edit(l, lineAt(5), (e) => ({ ...e, note: 'x' })),
      'export.line_malformed',
      5,
    ],
    ['an empty line', (l: readonly string[]) => l.toSpliced(lineAt(5), 0, ''), 'export.line_malformed', 5],
    [
      'a payload cut out',
      (l: readonly string[]) => edit(l, lineAt(5), ({ salt: _s, payload: _p, ...e }) => ({ ...e, erased: true })),
      'payload.erased_unrecorded',
      5,
    ],
  ])('is told for %s', async (_, damage, code, position) => {
    const report = verifyLines(damage((await tenRefunds()).lines));
    expect(report).toMatchObject({ ok: false, firstBadPosition: position });
    expect(codesOf(report)).toContain(code);
    expect(report.summary).toMatch(new RegExp(`^not consistent: first bad position ${position};`));
  });

  it('is told for a time before its predecessor’s', async () => {
    const earlier = edit((await tenRefunds()).lines, lineAt(5), (event) => ({ ...event, recordedAt: 5 }));
    expect(verifyLines(earlier).problems.map(({ code, position }) => [code, position])).toContainEqual([
      'event.time_backwards',
      5,
    ]);
  });

  // UTF-8 has no lone surrogates: encoders write U+FFFD instead, so both texts would have one commitment.
  it('is told for a replacement character exchanged for a lone surrogate', async () => {
    const book = await openBook();
    await record(book, { stream: 'order-1', payload: '{"note":"\ufffd"}' });
    const lines = await linesOf(book, 2);
    const exchanged = edit(lines, lineAt(1), (event) => ({ ...event, payload: '{"note":"\ud800"}' }));
    expect(verifyLines(lines).ok).toBe(true);
    expect(verifyLines(exchanged)).toMatchObject({ ok: false, firstBadPosition: 1 });
  });

  it('is narrowed to between two checkpoints when an event was replaced with all its hashes', async () => {
    const { lines, ledger, organization, signer } = await tenRefunds();
    const other = await openBook(signer, organization);
    await record(other, ...refunds(10));
    const replacement = (await exportOf(other.ledger, organization, { sizes: [11], signer }))[lineAt(7)] ?? '';
    const time = (await ledger.readPositions(organization, { from: 7, limit: 1 }))[0]?.recordedAt ?? 0;
    expect(JSON.parse(replacement).recordedAt).toBeGreaterThanOrEqual(time);

    const report = verifyLines(lines.with(lineAt(7), replacement));
    expect(codesOf(report)).toContain('checkpoint.root_differs');
    expect(report.firstBadPosition).toBeGreaterThanOrEqual(4);
    expect(report.firstBadPosition).toBeLessThanOrEqual(8);
  });
});

describe('I9: checkpoints, keys and the end', () => {
  const resign = async (size: number, root: Uint8Array, by?: 'stranger') => {
    const book = await tenRefunds();
    const signer = by ? newSigner() : book.signer;
    const note = signCheckpoint(nodeCrypto, { origin: book.origin, size, root }, signer);
    const at = book.lines.findIndex((line) => line.includes(JSON.stringify(noteOf(book.lines, 11))));
    return codesOf(verifyLines(book.lines.with(at, JSON.stringify({ kind: 'checkpoint', note }))));
  };
  const rootOf = async () =>
    Uint8Array.from(Buffer.from(noteOf((await tenRefunds()).lines, 11).split('\n')[2] ?? '', 'base64'));

  it('a forged root is found even when it is truly signed', async () =>
    expect(await resign(11, await rootOf())).toEqual(['checkpoint.root_differs']));

  it('a stranger’s signature is found', async () =>
    expect(await resign(11, await rootOf(), 'stranger')).toContain('checkpoint.unknown_key'));

  it('a checkpoint of another size is found', async () => {
    expect(await resign(12, await rootOf())).toEqual(['checkpoint.unlisted', 'checkpoint.beyond_end']);
    expect(await resign(10, await rootOf())).toEqual(['checkpoint.unlisted', 'checkpoint.short_of_end']);
  });

  it('an edited signature or origin is found', async () => {
    const { lines } = await tenRefunds();
    const at = lines.length - 2;
    const flip = (text: string) =>
      text.replace(/(— \S+ .{20})(.)/, (_, before, letter) => `${before}${letter === 'A' ? 'B' : 'A'}`);
    expect(codesOf(verifyLines(edit(lines, at, (line) => ({ ...line, note: flip(String(line['note'])) }))))).toEqual([
      'checkpoint.bad_signature',
    ]);
    const moved = edit(lines, at, (line) => ({ ...line, note: String(line['note']).replace('ledger.', 'other.') }));
    expect(codesOf(verifyLines(moved))).toContain('checkpoint.other_log');
  });

  it('a last checkpoint that does not cover the last event is found, with the first uncovered position', async () => {
    const book = await tenRefunds();
    const report = verifyLines(await linesOf(book, 4, 9));
    expect(report.problems.map(({ code, position }) => [code, position])).toEqual([['checkpoint.short_of_end', 9]]);
  });

  it('dropped checkpoints and keys are found', async () => {
    const { lines } = await tenRefunds();
    expect(codesOf(verifyLines(lines.toSpliced(-2, 1)))).toEqual(['checkpoint.missing', 'checkpoint.short_of_end']);
    expect(codesOf(verifyLines(lines.slice(0, -1)))).toEqual(['keys.differ']);
    expect(codesOf(verifyLines([...lines, lines.at(-1) ?? '']))).toEqual(['keys.differ']);
  });

  it('lines out of their part, a second header and a missing header are found', async () => {
    const { lines } = await tenRefunds();
    expect(codesOf(verifyLines([...lines, lines[lineAt(3)] ?? '']))).toEqual(['export.out_of_order']);
    expect(codesOf(verifyLines(lines.toSpliced(3, 0, lines[0] ?? '')))).toEqual(['export.out_of_order']);
    expect(codesOf(verifyLines(lines.slice(1)))).toContain('export.header_missing');
    expect(codesOf(verifyLines([]))).toEqual(['export.header_missing']);
  });

  it('a file cut in the middle of a line, or with bytes that are no text, is found', async () => {
    const file = fileOf((await tenRefunds()).lines);
    expect(codesOf(verifyFile(file.slice(0, -1)))).toContain('export.unterminated');
    expect(codesOf(verifyFile(file.with(file.length - 5, 0xff)))).toContain('export.not_utf8');
  });

  it('another organization’s export under this one’s name is found', async () => {
    const { lines } = await tenRefunds();
    const report = verifyLines(
      edit(lines, 0, (header) => ({ ...header, organization: '0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f' })),
    );
    expect(report).toMatchObject({ ok: false, firstBadPosition: 0 });
  });
});

describe('I9: the ledger’s own events', () => {
  const own = async (type: string, payload: object | string) => {
    const book = await openBook();
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    await record(book, ...refunds(2), { stream: ledgerStream(book.organization), type, payload: text });
    return codesOf(verifyLines(await linesOf(book, 4)));
  };

  it('do not excuse an erasure that did not happen or comes later', async () => {
    expect(await own('PayloadErased', { positions: [1], reason: 'x' })).toEqual(['payload.not_erased']);
    expect(await own('PayloadErased', { positions: [3], reason: 'x' })).toEqual(['erasure.ahead']);
  });

  it('cannot be malformed, nor say what cannot be', async () => {
    expect(await own('PayloadErased', '{"positions":"all"}')).toEqual(['ledger_event.malformed']);
    expect(await own('SigningKeyRetired', 'not json')).toEqual(['ledger_event.malformed']);
    expect(await own('SigningKeyRetired', { keyId: '00000000', reason: 'x' })).toEqual(['key.not_active']);
  });

  it('count only on the ledger’s own stream', async () => {
    const book = await openBook();
    await record(book, { stream: 'order-1', type: 'SigningKeyRetired', payload: 'anything' });
    expect(codesOf(verifyLines(await linesOf(book, 2)))).toEqual([]);
  });

  it('cannot be erased', async () => {
    const { lines } = await tenRefunds();
    const cut = edit(lines, lineAt(0), ({ salt: _s, payload: _p, ...e }) => ({ ...e, erased: true }));
    expect(codesOf(verifyLines(cut))).toContain('ledger_event.erased');
  });

  it('name the tree a restored log continues, and its new name', async () => {
    const book = await openBook();
    await record(book, ...refunds(2));
    const { size, root } = await book.ledger.head(book.organization);
    const restore = async (fromSize: number) => {
      const data = {
        fromSize,
        fromRoot: toBase64(root),
        origin: `${book.origin}/1`,
        lastCheckpoint: null,
        reason: 'disk lost',
      };
      await record(book, {
        stream: ledgerStream(book.organization),
        type: 'LedgerRestored',
        payload: JSON.stringify(data),
      });
    };
    await restore(size);
    expect(codesOf(verifyLines(await linesOf(book, 3)))).toEqual(['checkpoint.short_of_end']);
    expect(codesOf(verifyLines(await linesOf(book, 3, 4)))).toEqual(['checkpoint.other_log']);
    await restore(size);
    expect(codesOf(verifyLines(await linesOf(book, 3)))).toContain('restore.root_differs');
  });
});

describe('pins', () => {
  it('that cannot be read are the caller’s mistake', () => {
    expect(() => new ExportVerifier(nodeCrypto, { keys: ['ada'] })).toThrow(/must be name\+/);
    expect(() => new ExportVerifier(nodeCrypto, { since: 'yesterday' })).toThrow(/the checkpoint must/);
  });

  it('of another log, with a stranger’s or a broken signature, are reported as such', async () => {
    const [book, other] = [await tenRefunds(), await tenRefunds()];
    expect(codesOf(verifyLines(book.lines, { since: noteOf(other.lines, 4) }))).toEqual([
      'pin.other_log',
      'pin.root_differs',
      'pin.unknown_key',
    ]);
    const root = Uint8Array.from(Buffer.from(noteOf(book.lines, 4).split('\n')[2] ?? '', 'base64'));
    const strange = signCheckpoint(nodeCrypto, { origin: book.origin, size: 4, root }, newSigner());
    expect(codesOf(verifyLines(book.lines, { since: strange }))).toEqual(['pin.unknown_key']);
    const torn = noteOf(book.lines, 4).replace('\n4\n', '\n5\n');
    expect(codesOf(verifyLines(book.lines, { since: torn }))).toEqual(['pin.root_differs', 'pin.bad_signature']);
  });
});
