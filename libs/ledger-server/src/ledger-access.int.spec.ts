import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { ErasureRefused, fromBase64, inclusionHolds, treeHasher } from '@countersign/ledger';
import { parseCheckpoint } from '@countersign/ledger/checkpoint';
import { ExportVerifier, verifyReceipt } from '@countersign/ledger/export';
import { ada, newOrganizationId } from '@countersign/ledger-testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { NothingSigned } from './export-lines.ts';
import { openLedgers } from './ledgers.mother.ts';
import {
  eventually,
  openOrganization,
  refunds,
  startProcesses,
  type Process,
} from './signing/signed-ledgers.mother.ts';

const ledgers = openLedgers();
const startProcess = startProcesses(ledgers);
let treasury: Process;

beforeAll(async () => {
  treasury = await startProcess();
  treasury.signing.start();
});

async function verify(organization: OrganizationId, pins: ConstructorParameters<typeof ExportVerifier>[1] = {}) {
  const verifier = new ExportVerifier(nodeCrypto, pins);
  for await (const line of treasury.access.exportLines(organization)) verifier.line(line);
  return verifier.finish();
}

const signedTo = (organization: OrganizationId, size: number) =>
  eventually(
    () => treasury.access.latestCheckpoint(organization),
    (latest) => latest?.size === size,
  );

/** An open hold, as the decision path would have placed it. */
async function holdOpen(organization: OrganizationId, decisionId: string): Promise<void> {
  await ledgers().as.app.begin(async (sql) => {
    await sql`select set_config('countersign.tenant', ${organization}, true)`;
    await sql`insert into enforcement.holds (organization_id, decision_id, expires_at, entries) values (${organization}, ${decisionId}, 1, '[]')`;
  });
}

describe('an export', () => {
  it('I9: of 5,000 events verifies offline, with pins, erasures and a rotation in it', async () => {
    const { ledger, rotation, access } = treasury;
    const organization = await openOrganization(treasury, ledgers());
    const early = await signedTo(organization, 1);
    for (let from = 1; from <= 4_900; from += 245) await ledger.append(organization, refunds(from, 245));
    await rotation.rotate(organization, ada);
    await ledger.append(organization, refunds(4_901, 95));
    await ledger.erase(organization, { positions: [7, 4_000], reason: 'asked by the customer', actor: ada });
    await ledger.append(organization, refunds(4_996, 1));
    await signedTo(organization, 5_000);

    const [firstKey = ''] = await access.verifierKeys(organization);
    const report = await verify(organization, { keys: [firstKey], since: early?.note ?? '' });
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      events: 5_000,
      pinned: true,
      payloads: { present: 4_998, erased: 2, altered: 0 },
    });
  });

  it('I9: is refused by the verifier when the superuser changed a payload', async () => {
    const organization = await openOrganization(treasury, ledgers());
    await treasury.ledger.append(organization, refunds(1, 5));
    await signedTo(organization, 6);
    await ledgers().as.superuser.begin(async (sql) => {
      await sql.unsafe('set local session_replication_role = replica');
      await sql`update ledger.payloads set payload = '{"amount":"999999"}' where organization_id = ${organization} and position = 3`;
    });
    expect(await verify(organization)).toMatchObject({ ok: false, firstBadPosition: 3 });
  });

  it('ends at the latest checkpoint, whatever is appended while it is read', async () => {
    const organization = await openOrganization(treasury, ledgers());
    await treasury.ledger.append(organization, refunds(1, 300));
    await signedTo(organization, 301);
    const verifier = new ExportVerifier(nodeCrypto);
    let version = 301;
    for await (const line of treasury.access.exportLines(organization)) {
      if (version < 320) await treasury.ledger.append(organization, refunds(version++, 1));
      verifier.line(line);
    }
    expect(verifier.finish()).toMatchObject({ ok: true, events: 301 });
  });

  it('ends with why, rather than show an erasure that it does not record', async () => {
    const organization = await openOrganization(treasury, ledgers());
    await treasury.ledger.append(organization, refunds(1, 600));
    await signedTo(organization, 601);
    const lines = treasury.access.exportLines(organization);
    const verifier = new ExportVerifier(nodeCrypto);
    for (const _ of ['header', 'event']) verifier.line((await lines.next()).value as string);
    await treasury.ledger.erase(organization, { positions: [500], reason: 'asked by the customer', actor: ada });
    for await (const line of lines) verifier.line(line);
    expect(verifier.finish()).toMatchObject({
      ok: false,
      problems: [{ code: 'export.overtaken', position: 500 }],
      problemsInAll: 1,
    });
    await signedTo(organization, 602);
    expect(await verify(organization)).toMatchObject({ ok: true, payloads: { erased: 1 } });
  });

  it('of a ledger that was never signed is refused before its first line', async () => {
    const organization = newOrganizationId();
    await ledgers().open(organization);
    await expect(treasury.access.exportLines(organization).next()).rejects.toThrow(NothingSigned);
  });
});

describe('a receipt', () => {
  it('I9: comes within two seconds of its event and verifies offline with the log’s key', async () => {
    const organization = await openOrganization(treasury, ledgers());
    const [event] = await treasury.ledger.append(organization, refunds(1, 1));
    const receipt = await treasury.access.receiptOf(organization, event?.position ?? -1);
    if (receipt === null || receipt === 'unsigned') throw new Error(`no receipt: ${receipt}`);
    expect(verifyReceipt(nodeCrypto, receipt, await treasury.access.verifierKeys(organization))).toMatchObject({
      ok: true,
      pinned: true,
      payload: 'present',
    });
    expect(await treasury.access.receiptOfStream(organization, 'order-1')).toEqual(receipt);
  });

  it('still verifies after its payload was erased and its key was rotated', async () => {
    const organization = await openOrganization(treasury, ledgers());
    await treasury.ledger.append(organization, refunds(1, 1));
    await signedTo(organization, 2);
    await treasury.ledger.erase(organization, { positions: [1], reason: 'asked by the customer', actor: ada });
    await treasury.rotation.rotate(organization, ada);
    const receipt = await treasury.access.receiptOf(organization, 1);
    if (receipt === null || receipt === 'unsigned') throw new Error(`no receipt: ${receipt}`);
    expect(verifyReceipt(nodeCrypto, receipt)).toMatchObject({ ok: true, payload: 'erased' });
  });

  it('is not there for an event that is not, and says when nobody signs', async () => {
    const organization = await openOrganization(treasury, ledgers());
    expect(await treasury.access.receiptOf(organization, 99)).toBeNull();
    expect(await treasury.access.receiptOfStream(organization, 'order-9')).toBeNull();
    const unsigned = newOrganizationId();
    await ledgers().open(unsigned);
    await treasury.ledger.append(unsigned, refunds(1, 1));
    const asked = performance.now();
    expect(await treasury.access.receiptOf(unsigned, 0)).toBe('unsigned');
    expect(performance.now() - asked).toBeLessThan(2_500);
  });
});

describe('the transparency log', () => {
  it('I9: proves inclusion and consistency up to the latest checkpoint by default', async () => {
    const organization = await openOrganization(treasury, ledgers());
    await treasury.ledger.append(organization, refunds(1, 9));
    const latest = await signedTo(organization, 10);
    const proof = await treasury.access.inclusionProof(organization, 4);
    if (!proof) throw new Error('nothing was signed');
    const bytes = (text: string) => fromBase64(text) ?? new Uint8Array(0);
    const claim = { index: 4, leafHash: bytes(proof.leafHash), head: parseCheckpoint(latest?.note ?? '') };
    expect(inclusionHolds(treeHasher(nodeCrypto), claim, proof.proof.map(bytes))).toBe(true);
    expect(await treasury.access.consistencyProof(organization, 3)).toMatchObject({ from: 3, to: 10 });
    await expect(treasury.access.inclusionProof(organization, 4, 11)).rejects.toThrow(RangeError);
    await expect(treasury.access.consistencyProof(organization, 11, 3)).rejects.toThrow(RangeError);
  });

  it('I7: shows nothing of an organization to whoever asks by another’s id', async () => {
    const organization = newOrganizationId();
    expect(await treasury.access.latestCheckpoint(organization)).toBeNull();
    expect(await treasury.access.verifierKeys(organization)).toEqual([]);
    expect(await treasury.access.inclusionProof(organization, 0)).toBeNull();
  });
});

describe('erasing payloads', () => {
  it('is refused while the decision’s hold is open, and removes nothing then', async () => {
    const { ledger } = treasury;
    const organization = await openOrganization(treasury, ledgers());
    const decisionId = `dec_${'a'.repeat(32)}`;
    await ledger.append(organization, refunds(1, 1));
    await ledger.append(
      organization,
      refunds(1, 1).map((event) => ({ ...event, stream: `decision-${'a'.repeat(32)}` })),
    );
    await holdOpen(organization, decisionId);

    const attempt = ledger.erase(organization, { positions: [1, 2], reason: 'asked by the customer', actor: ada });
    await expect(attempt).rejects.toThrow(ErasureRefused);
    await expect(attempt).rejects.toMatchObject({ code: 'ledger.erase_open_hold', position: 2 });
    expect(
      (await ledger.readPositions(organization, { from: 0, limit: 9 })).every(({ content }) => content !== null),
    ).toBe(true);
  });
});
