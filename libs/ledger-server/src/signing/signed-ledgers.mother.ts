import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeCrypto } from '@countersign/crypto';
import { system, type OrganizationId } from '@countersign/kernel';
import { ledgerStream, type NewEvent } from '@countersign/ledger';
import { newEvent, newOrganizationId } from '@countersign/ledger-testing';
import { createPools, type Pools } from '@countersign/postgres';
import { afterAll } from 'vitest';
import { HeadTransactions } from '../head-transactions.ts';
import type { Ledgers } from '../ledgers.mother.ts';
import { CheckpointSigning } from './checkpoint-signing.ts';
import type { CheckpointSink } from './checkpoint-sink.ts';
import { FileSignerState } from './file-signer-state.ts';
import { FileSigningKeys } from './file-signing-keys.ts';
import { createLedgerServices, type LedgerServices } from './ledger-services.ts';
import { LedgerConfig } from './ledger.config.ts';
import { Signer } from './signer.ts';

/** One process of many on a database: pools, a signer, and a data directory that it may share. */
export interface Process extends LedgerServices {
  readonly pools: Pools;
  readonly dataDirectory: string;
  readonly signer: Signer;
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
  const complaints: string[] = [];
  const log = { warn: (message: string) => complaints.push(message), error: (message: string) => complaints.push(message) };
  const config = LedgerConfig.parse({ COUNTERSIGN_DATA_DIR: dataDirectory, COUNTERSIGN_HOST: 'ledger.example' });
  const { commands, reads, decisions: signing } = pools;
  const transactions = new HeadTransactions(nodeCrypto, Date.now);
  const parts = { commands, reads, signing, transactions, crypto: nodeCrypto, log, now: Date.now };
  const state = new FileSignerState(config.signerStateDirectory);
  const signer = new Signer(signing, nodeCrypto, new FileSigningKeys(config.signingKeyDirectory), state);
  return {
    ...(await createLedgerServices(config, parts)),
    pools,
    dataDirectory,
    signer,
    complaints,
    signInto: (sink) => new CheckpointSigning({ sql: signing, signer, sinks: [sink], log }),
  };
}

/** An organization whose ledger opened with its signing key, as every one does. */
export async function openOrganization({ opening, ledger }: Process, { open }: Ledgers): Promise<OrganizationId> {
  const organization = newOrganizationId();
  await open(organization);
  const { type, data } = await opening.firstEvent(organization);
  const first = { stream: ledgerStream(organization), streamVersion: 1, type, actor: system, payload: JSON.stringify(data) };
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
