import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeCrypto } from '@countersign/crypto';
import { system, type OrganizationId } from '@countersign/kernel';
import { ledgerStream, type NewEvent } from '@countersign/ledger';
import { newEvent, newOrganizationId } from '@countersign/ledger-testing';
import { createPools, type Pools } from '@countersign/postgres';
import { afterAll } from 'vitest';
import { streamsWithOpenHolds } from '../erasable.ts';
import { HeadTransactions } from '../head-transactions.ts';
import { LedgerAccess } from '../ledger-access.ts';
import { LedgerReader } from '../ledger-reader.ts';
import type { Ledgers } from '../ledgers.mother.ts';
import { OwnStream } from '../own-stream.ts';
import { PostgresLedger } from '../postgres-ledger.ts';
import { CheckpointSigning } from './checkpoint-signing.ts';
import type { CheckpointSink } from './checkpoint-sink.ts';
import { FileCheckpointSink } from './file-checkpoint-sink.ts';
import { FileSignerState } from './file-signer-state.ts';
import { FileSigningKeys } from './file-signing-keys.ts';
import { LedgerOpening } from './ledger-opening.ts';
import { RestoredLedgers } from './restored-ledgers.ts';
import { PostgresSigningKeyRotation } from './rotate-signing-key.ts';
import { Signer } from './signer.ts';

/** One process of many on a database: pools, a signer, and a data directory that it may share. */
export interface Process {
  readonly pools: Pools;
  readonly dataDirectory: string;
  readonly ledger: PostgresLedger;
  readonly access: LedgerAccess;
  readonly opening: LedgerOpening;
  readonly rotation: PostgresSigningKeyRotation;
  readonly restored: RestoredLedgers;
  readonly signer: Signer;
  readonly signing: CheckpointSigning;
  readonly complaints: string[];
  /** Another way to run the signing of this process, into a sink of the test's. */
  signInto(sink: CheckpointSink): CheckpointSigning;
}

const directories: string[] = [];

export async function newDataDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ledgers-'));
  directories.push(directory);
  return directory;
}

/** Call at the top of a spec file. */
export function startProcesses(ledgers: () => Ledgers) {
  const running: Process[] = [];

  afterAll(async () => {
    await Promise.all(running.map(({ signing }) => signing.stop()));
    await Promise.all(running.map(({ pools }) => pools.end()));
    await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
  });

  return async (dataDirectory?: string): Promise<Process> => {
    const started = await startOn(ledgers().database.appUrl, dataDirectory ?? (await newDataDirectory()));
    running.push(started);
    return started;
  };
}

async function startOn(url: string, dataDirectory: string): Promise<Process> {
  const pools = createPools(url, { decisions: 2, commands: 2, reads: 2 });
  const { commands, reads, decisions: sql } = pools;
  const inData = (folder: string) => path.join(dataDirectory, folder);
  const keys = new FileSigningKeys(inData('signing-keys'));
  const signer = new Signer(sql, nodeCrypto, keys, new FileSignerState(inData('signer')));
  const complaints: string[] = [];
  const complain = (message: string) => void complaints.push(message);
  const signInto = (sink: CheckpointSink) =>
    new CheckpointSigning({ sql, signer, sinks: [sink], log: { warn: complain, error: complain } });

  const signing = signInto(new FileCheckpointSink(inData('checkpoints')));
  const transactions = new HeadTransactions(nodeCrypto, Date.now, (organizationId) => signing.appended(organizationId));
  const [reader, own] = [new LedgerReader(reads, nodeCrypto), new OwnStream(commands, transactions, nodeCrypto)];
  return {
    pools,
    dataDirectory,
    ledger: new PostgresLedger({
      commands,
      reads,
      transactions,
      crypto: nodeCrypto,
      neededStreams: streamsWithOpenHolds,
    }),
    access: new LedgerAccess(reads, nodeCrypto),
    opening: new LedgerOpening('ledger.example', nodeCrypto, keys),
    rotation: new PostgresSigningKeyRotation(own, reader, nodeCrypto, keys),
    restored: new RestoredLedgers({ own, reader, crypto: nodeCrypto, keys, now: Date.now }),
    signer,
    signing,
    complaints,
    signInto,
  };
}

/** An organization whose ledger opened with its signing key, as every one does. */
export async function openOrganization({ opening, ledger }: Process, { open }: Ledgers): Promise<OrganizationId> {
  const organization = newOrganizationId();
  await open(organization);
  const { type, data } = await opening.firstEvent(organization);
  const first = {
    stream: ledgerStream(organization),
    streamVersion: 1,
    type,
    actor: system,
    payload: JSON.stringify(data),
  };
  await ledger.append(organization, [newEvent(first)]);
  return organization;
}

export const refunds = (from: number, count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, n) => newEvent({ stream: 'order-1', streamVersion: from + n }));

/** Asks until it is so, or fails after five seconds. */
export async function eventually<Value>(ask: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    if (performance.now() > deadline) throw new Error(`not so within five seconds: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
