import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { appendLeaves, emptyTree, encodeFrontier, leafHasher, treeHasher } from '@countersign/ledger';
import { ada } from '@countersign/ledger-testing';
import { checkSignature, parseCheckpoint, parseVkey } from '@countersign/ledger/checkpoint';
import { describe, expect, it } from 'vitest';
import { openLedgers } from '../ledgers.mother.ts';
import { CheckpointSink, type PublishedCheckpoint } from './checkpoint-sink.ts';
import {
  eventually,
  newDataDirectory,
  openOrganization,
  refunds,
  startProcesses,
  type Process,
} from './signed-ledgers.mother.ts';

const ledgers = openLedgers();
const startProcess = startProcesses(ledgers);

const latestSize = async ({ access }: Process, organization: OrganizationId) =>
  (await access.latestCheckpoint(organization))?.size ?? null;

async function signatureOf({ access }: Process, organization: OrganizationId) {
  const checkpoint = parseCheckpoint((await access.latestCheckpoint(organization))?.note ?? '');
  const keys = (await access.verifierKeys(organization)).map((vkey) => parseVkey(nodeCrypto, vkey));
  return { checkpoint, verdict: checkSignature(nodeCrypto, checkpoint, keys), keys };
}

/** What signing comes to once no other signer of this database stands in the way. */
const signed = ({ signer }: Process, organization: OrganizationId) =>
  eventually(
    () => signer.sign(organization),
    ({ outcome }) => outcome !== 'too_soon' && outcome !== 'busy',
  );

describe('signing checkpoints', () => {
  it('I9: signs the committed head within a second of each append, by the key the ledger opened with', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    for (const size of [2, 3, 4]) {
      const appended = performance.now();
      await process.ledger.append(organization, refunds(size - 1, 1));
      await eventually(
        () => latestSize(process, organization),
        (latest) => latest === size,
      );
      expect(performance.now() - appended).toBeLessThan(1_000);
    }
    const { checkpoint, verdict } = await signatureOf(process, organization);
    expect(verdict.outcome).toBe('valid');
    expect(checkpoint.origin).toBe(`ledger.example/${organization}`);
    expect(checkpoint.root).toEqual((await process.ledger.head(organization)).root);
  });

  it('signs under load twice a second at most, not once an append', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    const began = performance.now();
    let version = 1;
    for (; performance.now() < began + 1_500; version += 1)
      await process.ledger.append(organization, refunds(version, 1));
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === version,
    );
    const rows = await ledgers().as.superuser`select from ledger.checkpoints where organization_id = ${organization}`;
    expect(rows.length).toBeLessThanOrEqual(2 + (performance.now() - began) / 500);
    expect(rows.length).toBeLessThan(version);
  });

  it('finds by its sweep what another process appended that signs nothing', async () => {
    const silent = await startProcess();
    const signing = await startProcess(silent.dataDirectory);
    await silent.signing.stop();
    signing.signing.start();
    const organization = await openOrganization(silent, ledgers());
    const opened = performance.now();
    await eventually(
      () => latestSize(signing, organization),
      (latest) => latest === 1,
    );
    expect(performance.now() - opened).toBeLessThan(1_000);
  });

  it('I9: puts one root on each size when three processes sign at once, and no checkpoint twice', async () => {
    const first = await startProcess();
    const others = [await startProcess(first.dataDirectory), await startProcess(first.dataDirectory)];
    const organization = await openOrganization(first, ledgers());
    for (const { signing } of [first, ...others]) signing.start();
    const outcomes: string[] = [];
    for (let version = 1; version <= 40; version += 1) {
      await first.ledger.append(organization, refunds(version, 1));
      const round = await Promise.all([first, ...others].map(({ signer }) => signer.sign(organization)));
      outcomes.push(...round.map(({ outcome }) => outcome));
    }
    await eventually(
      () => latestSize(first, organization),
      (latest) => latest === 41,
    );
    expect(new Set(outcomes)).not.toContain('refused');
    const rows = await ledgers().as.superuser<{ size: bigint; signedAt: bigint }[]>`
      select size, signed_at as "signedAt" from ledger.checkpoints where organization_id = ${organization} order by size`;
    expect(
      rows.every(({ signedAt }, index) => index === 0 || signedAt - (rows[index - 1]?.signedAt ?? 0n) >= 400n),
    ).toBe(true);
  });

  it('I9: refuses a database that was turned back, however it grew again, and says so', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    await process.ledger.append(organization, refunds(1, 9));
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === 10,
    );
    await process.signing.stop();

    await turnBack(organization, 4);
    expect(await signed(process, organization)).toMatchObject({
      outcome: 'refused',
      why: expect.stringMatching(/smaller.*restore check/),
    });
    const rebuilt = await startProcess(process.dataDirectory);
    await rebuilt.ledger.append(organization, refunds(4, 6));
    expect(await signed(rebuilt, organization)).toMatchObject({
      outcome: 'refused',
      why: expect.stringMatching(/same_size_other_root/),
    });
    await rebuilt.ledger.append(organization, refunds(10, 7));
    expect(await signed(rebuilt, organization)).toMatchObject({
      outcome: 'refused',
      why: expect.stringMatching(/not_consistent/),
    });
    expect(await latestSize(rebuilt, organization)).toBeNull();
  });

  it('I9: refuses a rewritten history by the database’s own checkpoints when its memory is new', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    await process.ledger.append(organization, refunds(1, 3));
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === 4,
    );
    await process.signing.stop();
    await rm(path.join(process.dataDirectory, 'signer'), { recursive: true });
    await rewriteEnd(organization);
    expect(await signed(process, organization)).toMatchObject({ outcome: 'refused' });
  });

  it('does not sign without the key, and says where to look, while a process that has it does', async () => {
    const keeper = await startProcess();
    const stranger = await startProcess();
    const organization = await openOrganization(keeper, ledgers());
    await keeper.signing.stop();
    await keeper.ledger.append(organization, refunds(1, 1));
    expect(await signed(stranger, organization)).toMatchObject({ outcome: 'no_key' });
    expect(await signed(keeper, organization)).toMatchObject({ outcome: 'signed', size: 2 });
  });

  it('keeps appends free: a signer that hangs delays none of them', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    await process.signing.stop();
    const session = ledgers().connect(ledgers().database.appUrl);
    await session.unsafe('begin');
    await session`select pg_advisory_xact_lock(${0x6373_6967}, hashtext(${organization}))`;
    expect(await process.signer.sign(organization)).toEqual({ outcome: 'busy' });
    await process.ledger.append(organization, refunds(1, 1));
    await session.unsafe('rollback');
  });
});

describe('keys', () => {
  it('I13: are files that only their owner can read, and stand nowhere in the database', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    const folder = path.join(process.dataDirectory, 'signing-keys', organization);
    const [name = ''] = await readdir(folder);
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const secret = (await readFile(path.join(folder, name), 'utf8')).split('\n')[1] ?? '';
    const [row] = await ledgers().as.superuser<{ n: bigint }[]>`
      select count(*) as n from ledger.payloads where position(${secret.slice(0, 40)} in payload) > 0`;
    expect(row?.n).toBe(0n);
    expect(process.complaints.join()).not.toContain(secret);
  });

  it('I9: rotate: the old key vouches for the new, which signs from then on', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === 1,
    );
    const events = await process.rotation.rotate(organization, ada);
    expect(events.map(({ type }) => type)).toEqual(['SigningKeyAdded', 'SigningKeyRetired']);
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === 3,
    );

    const { verdict, keys } = await signatureOf(process, organization);
    expect(verdict).toMatchObject({ outcome: 'valid', key: { keyId: keys[1]?.keyId } });
    const ring = await process.access.keyRing(organization);
    expect(ring?.ranges.map(({ from, until }) => [from, until])).toEqual([
      [1, 3],
      [2, null],
    ]);
    expect(ring?.ranges[1]?.endorsedBy?.keyId).toBe(keys[0]?.keyId);
  });

  it('rotate twice at once into two successions, one after the other', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    await Promise.all([process.rotation.rotate(organization, ada), process.rotation.rotate(organization, ada)]);
    const ring = await process.access.keyRing(organization);
    expect(ring?.ranges.map(({ until }) => until === null)).toEqual([false, false, true]);
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === 5,
    );
  });
});

describe('places outside', () => {
  class Outside extends CheckpointSink {
    override readonly name = 'outside';
    readonly kept: number[] = [];
    failures = 2;

    override async accept({ size }: PublishedCheckpoint): Promise<void> {
      this.failures -= 1;
      if (this.failures >= 0) throw new Error('not reachable');
      this.kept.push(size);
    }
  }

  it('get every checkpoint, as a file that may be moved away at any moment', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    const file = path.join(process.dataDirectory, 'checkpoints', `${organization}.txt`);
    const text = () => readFile(file, 'utf8').catch(() => '');
    await eventually(text, (content) => content.includes('\n1\n'));
    await rm(file);
    await process.ledger.append(organization, refunds(1, 1));
    const note = `${
      (
        await eventually(
          () => process.access.latestCheckpoint(organization),
          (latest) => latest?.size === 2,
        )
      )?.note
    }`;
    expect(await eventually(text, (content) => content.length > 0)).toBe(`${note}\n`);
  });

  it('that fail are asked again, and hold up neither signing nor each other', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    await process.signing.stop();
    const outside = new Outside();
    const signing = process.signInto(outside);
    await process.ledger.append(organization, refunds(1, 1));
    signing.appended(organization);
    await eventually(
      () => latestSize(process, organization),
      (latest) => latest === 2,
    );
    expect(outside.kept).toEqual([]);
    await eventually(
      async () => outside.kept,
      (kept) => kept.length === 1,
    );
    expect(process.complaints.filter((text) => text.includes('outside did not take size 2'))).toHaveLength(2);
    await signing.stop();
  });
});

describe('a restored database', () => {
  it('I9: is found by checkpoints from outside, and goes on as another log that verifies', async () => {
    const process = await startProcess();
    const organization = await openOrganization(process, ledgers());
    for (const version of [1, 2, 3]) {
      await process.ledger.append(organization, refunds(version, 1));
      await eventually(
        () => latestSize(process, organization),
        (latest) => latest === version + 1,
      );
    }
    await process.signing.stop();
    const outside = await readFile(path.join(process.dataDirectory, 'checkpoints', `${organization}.txt`), 'utf8');
    expect(await process.restored.check(organization, outside)).toMatchObject({
      verdict: 'kept',
      agreesAt: 4,
      differsAt: null,
      unknownSigners: 0,
    });

    await turnBack(organization, 3);
    const later = await startProcess(process.dataDirectory);
    await later.signing.stop();
    const { restored, ledger } = later;
    expect(await restored.check(organization, outside)).toMatchObject({
      verdict: 'cut',
      size: 3,
      agreesAt: 3,
      differsAt: 4,
    });
    await ledger.append(organization, refunds(3, 2));
    expect(await restored.check(organization, outside)).toMatchObject({
      verdict: 'forked',
      size: 5,
      agreesAt: 3,
      differsAt: 4,
    });
    await expect(
      restored.check(organization, outside.replaceAll(organization, '0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f')),
    ).rejects.toThrow(/is not of organization/);

    await restored.reopen(organization, ada, { lastCheckpoint: outside, reason: 'the disk was lost' });
    expect(await signed(later, organization)).toMatchObject({ outcome: 'signed', size: 8 });
    const { checkpoint, verdict } = await signatureOf(later, organization);
    expect(checkpoint.origin).toMatch(new RegExp(`^ledger.example/${organization}/\\d{8}T\\d{9}Z$`));
    expect(verdict.outcome).toBe('valid');
  });
});

/** What a backup does to a ledger: as the superuser, who alone can, everything from a position on is gone. */
async function turnBack(organization: OrganizationId, size: number): Promise<void> {
  const { as, ledger } = ledgers();
  const events = await ledger.readPositions(organization, { from: 0, limit: size });
  const leaves = leafHasher(nodeCrypto);
  const tree = appendLeaves(
    treeHasher(nodeCrypto),
    emptyTree,
    events.map((event) => leaves.leafHash(event, event.commitment)),
  );
  await as.superuser.begin(async (sql) => {
    await sql.unsafe('set local session_replication_role = replica');
    for (const table of ['events', 'payloads'])
      await sql.unsafe(`delete from ledger.${table} where organization_id = '${organization}' and position >= ${size}`);
    await sql.unsafe(`delete from ledger.checkpoints where organization_id = '${organization}' and size > ${size}`);
    await sql`update ledger.heads set size = ${size}, root = ${tree.root}, frontier = ${encodeFrontier(tree.frontier)}
               where organization_id = ${organization}`;
  });
}

/** Changes the last event and puts another beside it, tree and all, as whoever holds the database might. */
async function rewriteEnd(organization: OrganizationId): Promise<void> {
  const { as, ledger } = ledgers();
  const { size } = await ledger.head(organization);
  const kept = await as.superuser`select * from ledger.checkpoints where organization_id = ${organization}`;
  await turnBack(organization, size - 1);
  const other = await startProcess(await newDataDirectory());
  await other.ledger.append(organization, refunds(size - 1, 3));
  for (const { size: at, root, note, signed_at: signedAt } of kept)
    await as.superuser`insert into ledger.checkpoints values (${organization}, ${at}, ${root}, ${note}, ${signedAt}) on conflict do nothing`;
}
