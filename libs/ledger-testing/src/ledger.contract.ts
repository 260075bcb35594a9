import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import {
  ClockUnsure,
  consistencyHolds,
  ErasureRefused,
  inclusionHolds,
  leafHasher,
  type Ledger,
  ledgerStream,
  StreamConflict,
  treeHasher,
} from '@countersign/ledger';
import { ExportVerifier } from '@countersign/ledger/export';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ada, addedKey, ledgerEvent, newEvent, newOrganizationId, newSigner, originOf } from './event.mother.ts';
import { exportOf, fileOf } from './export-of.ts';

const refunds = (stream: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => newEvent({ stream, streamVersion: from + index }));

/** A kind of ledger, and what its tests need of it. */
export interface LedgerUnderTest {
  /** May answer one shared ledger: the tests use organizations of their own. */
  open(): Promise<Ledger>;
  /** Makes an organization known where the implementation needs that. */
  prepare(organizationId: OrganizationId): Promise<void>;
  /** Puts the clock so far behind this organization's last event, as if it had stepped back. It goes on from there. */
  stepBack(organizationId: OrganizationId, milliseconds: number): Promise<void>;
}

/** Every ledger keeps these promises; run it against each implementation. */
export function describeLedger(name: string, { open, prepare, stepBack }: LedgerUnderTest) {
  const openFor = async () => {
    const [ledger, organization] = [await open(), newOrganizationId()];
    await prepare(organization);
    return { ledger, organization };
  };

  describe(`${name} keeps the ledger's promises`, () => {
    it('numbers an organization’s events from 0 without gaps, across streams', async () => {
      const { ledger, organization } = await openFor();
      const first = await ledger.append(organization, [...refunds('order-1', 1, 2), ...refunds('order-2', 1, 1)]);
      const second = await ledger.append(organization, refunds('order-1', 3, 2));

      expect([...first, ...second].map(({ position }) => position)).toEqual([0, 1, 2, 3, 4]);
      expect((await ledger.head(organization)).size).toBe(5);
    });

    it('reads back exactly what was appended, by position and by stream', async () => {
      const { ledger, organization } = await openFor();
      const payload = '{"note":"é 😀 \\u0041  ","n":1.0}';
      const appended = await ledger.append(organization, [
        newEvent({ stream: 'order-1', streamVersion: 1, payload }),
        ...refunds('order-2', 1, 2),
      ]);

      const read = await ledger.readPositions(organization, { from: 0, limit: 10 });
      expect(read).toEqual(appended);
      expect(read[0]?.content?.payload).toBe(payload);
      expect(await ledger.readPositions(organization, { from: 1, limit: 1 })).toEqual([appended[1]]);
      expect(await ledger.readStream(organization, 'order-2')).toEqual(appended.slice(1));
      expect(await ledger.readStream(organization, 'order-3')).toEqual([]);
    });

    it('lets exactly one of two writers win a stream version', async () => {
      const { ledger, organization } = await openFor();
      const race = [1, 2].map(() => ledger.append(organization, refunds('order-1', 1, 1)));

      const results = await Promise.allSettled(race);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(results.find((result) => result.status === 'rejected')?.reason).toBeInstanceOf(StreamConflict);
    });

    it('appends all events of a call or none', async () => {
      const { ledger, organization } = await openFor();
      const torn = [...refunds('order-1', 1, 1), ...refunds('order-2', 2, 1)];
      await expect(ledger.append(organization, torn)).rejects.toThrow(StreamConflict);

      expect(await ledger.readPositions(organization, { from: 0, limit: 10 })).toEqual([]);
    });

    // The promise every other guarantee stands on: no tenant can see, or number, another.
    it('I7: keeps organizations apart even when their streams have one name', async () => {
      const { ledger, organization } = await openFor();
      const other = await openFor();
      await ledger.append(organization, refunds('order-1', 1, 3));

      expect(await ledger.readStream(other.organization, 'order-1')).toEqual([]);
      const [first] = await ledger.append(other.organization, refunds('order-1', 1, 1));
      expect(first?.position).toBe(0);
    });

    it('I14: never dates an event before its predecessor', async () => {
      const { ledger, organization } = await openFor();
      for (let version = 1; version <= 20; version += 1)
        await ledger.append(organization, refunds('order-1', version, 1));

      const times = (await ledger.readPositions(organization, { from: 0, limit: 20 })).map(
        ({ recordedAt }) => recordedAt,
      );
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every(Number.isSafeInteger)).toBe(true);
    });

    it('I14: dates events alike while the clock is up to two seconds behind the last of them', async () => {
      const { ledger, organization } = await openFor();
      await ledger.append(organization, refunds('order-1', 1, 1));
      await stepBack(organization, 1_500);
      const [bridged] = await ledger.append(organization, refunds('order-1', 2, 1));
      const erasure = await ledger.erase(organization, { positions: [0], reason: 'asked', actor: ada });
      expect(erasure.recordedAt).toBe(bridged?.recordedAt);

      const times = (await ledger.readPositions(organization, { from: 0, limit: 3 })).map((event) => event.recordedAt);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('I3, I14: appends nothing while the clock is further behind, and goes on once it has caught up', async () => {
      const { ledger, organization } = await openFor();
      await ledger.append(organization, refunds('order-1', 1, 1));
      await stepBack(organization, 3_000);
      const erasure = { positions: [0], reason: 'asked', actor: ada };
      await expect(ledger.append(organization, refunds('order-1', 2, 1))).rejects.toThrow(ClockUnsure);
      await expect(ledger.erase(organization, erasure)).rejects.toThrow(ClockUnsure);
      const [first] = await ledger.readPositions(organization, { from: 0, limit: 1 });
      expect([first?.content === null, (await ledger.head(organization)).size]).toEqual([false, 1]);

      await pause(1_100);
      const [later] = await ledger.append(organization, refunds('order-1', 2, 1));
      expect(later?.recordedAt).toBeGreaterThanOrEqual(first?.recordedAt ?? Infinity);
      expect((await ledger.head(organization)).size).toBe(2);
    });

    it('I9: proves every event included and every earlier size a beginning, across tile borders', async () => {
      const { ledger, organization } = await openFor();
      const heads = [];
      for (const count of [1, 254, 1, 1, 255, 10]) {
        const { size } = await ledger.head(organization);
        await ledger.append(organization, refunds('order-1', size + 1, count));
        heads.push(await ledger.head(organization));
      }

      const newer = await ledger.head(organization);
      expect(newer.size).toBe(522);
      for (const position of [0, 1, 254, 255, 256, 300, 511, 512, 521])
        await provesInclusion(ledger, organization, position);
      for (const older of heads) {
        const proof = await ledger.consistencyProof(organization, older.size, newer.size);
        expect(consistencyHolds(treeHasher(nodeCrypto), { older, newer }, proof)).toBe(true);
      }
    });

    it('refuses proofs about what is not there', async () => {
      const { ledger, organization } = await openFor();
      await ledger.append(organization, refunds('order-1', 1, 2));

      await expect(ledger.inclusionProof(organization, 2, 2)).rejects.toThrow(RangeError);
      await expect(ledger.inclusionProof(organization, 0, 3)).rejects.toThrow(RangeError);
      await expect(ledger.consistencyProof(organization, 2, 3)).rejects.toThrow(RangeError);
      await expect(ledger.consistencyProof(organization, 2, 1)).rejects.toThrow(RangeError);
    });

    it('I9: erases contents and keeps every proof, commitment and root', async () => {
      const { ledger, organization } = await openFor();
      const appended = await ledger.append(organization, refunds('order-1', 1, 3));
      const older = await ledger.head(organization);
      const erasure = await ledger.erase(organization, { positions: [1], reason: 'asked by the customer', actor: ada });

      const [first, erased, third] = await ledger.readPositions(organization, { from: 0, limit: 3 });
      expect([first, third]).toEqual([appended[0], appended[2]]);
      expect(erased).toEqual({ ...appended[1], content: null });
      expect(erasure).toMatchObject({ type: 'PayloadErased', position: 3, stream: ledgerStream(organization) });
      await provesInclusion(ledger, organization, 1);
      const newer = await ledger.head(organization);
      const proof = await ledger.consistencyProof(organization, older.size, newer.size);
      expect(consistencyHolds(treeHasher(nodeCrypto), { older, newer }, proof)).toBe(true);
    });

    it('refuses to erase what verification needs or what does not exist, and erases nothing then', async () => {
      const { ledger, organization } = await openFor();
      const added = addedKey({ origin: originOf(organization), signer: newSigner(), validFrom: 0 });
      await ledger.append(organization, [
        ledgerEvent(organization, 1, 'SigningKeyAdded', added),
        ...refunds('order-1', 1, 1),
      ]);

      for (const positions of [
        [1, 0],
        [1, 2],
      ])
        await expect(ledger.erase(organization, { positions, reason: 'by mistake', actor: ada })).rejects.toThrow(
          ErasureRefused,
        );
      expect((await ledger.readPositions(organization, { from: 1, limit: 1 }))[0]?.content).not.toBeNull();
      expect((await ledger.head(organization)).size).toBe(2);
    });

    it('I9: exports what verifies offline, erasures included', async () => {
      const { ledger, organization } = await openFor();
      const signer = newSigner();
      const added = addedKey({ origin: originOf(organization), signer, validFrom: 0 });
      await ledger.append(organization, [ledgerEvent(organization, 1, 'SigningKeyAdded', added)]);
      await ledger.append(organization, refunds('order-1', 1, 5));
      await ledger.erase(organization, { positions: [2, 4], reason: 'asked by the customer', actor: ada });

      const verifier = new ExportVerifier(nodeCrypto);
      verifier.push(fileOf(await exportOf(ledger, organization, { sizes: [3, 7], signer })));
      const report = verifier.finish();
      expect(report.problems).toEqual([]);
      expect(report.payloads).toEqual({ present: 5, erased: 2, altered: 0 });
    });
  });
}

async function provesInclusion(ledger: Ledger, organization: OrganizationId, position: number) {
  const [event] = await ledger.readPositions(organization, { from: position, limit: 1 });
  if (!event) throw new Error(`position ${position} is missing`);
  const head = await ledger.head(organization);
  const claim = { index: position, leafHash: leafHasher(nodeCrypto).leafHash(event, event.commitment), head };
  const proof = await ledger.inclusionProof(organization, position, head.size);
  expect(inclusionHolds(treeHasher(nodeCrypto), claim, proof)).toBe(true);
}
