import path from 'node:path';
import { nodeCrypto } from '@countersign/crypto';
import { isConfiguration } from '@countersign/decisions';
import { Ledger, SigningKeyRotation } from '@countersign/ledger';
import {
  HeadTransactions,
  LedgerAccess,
  LedgerReader,
  OwnStream,
  PostgresLedger,
  streamsWithOpenApprovals,
  streamsWithOpenHolds,
} from '@countersign/ledger-server';
import {
  CheckpointSigning,
  FileCheckpointSink,
  FileSignerState,
  FileSigningKeys,
  GivenSigningKeys,
  LedgerOpening,
  PostgresSigningKeyRotation,
  RestoredLedgers,
  Signer,
  type SigningKeys,
} from '@countersign/ledger-server/signing';
import { connectPostgres, type Pools, type Sql } from '@countersign/postgres';
import { Logger, type Provider } from '@nestjs/common';
import type { ApiConfig } from './config.ts';

/** Everything of the ledger that outlives a request: the way in, its signer, and what is asked of it. */
export interface LedgerParts {
  readonly transactions: HeadTransactions;
  readonly opening: LedgerOpening;
  readonly signing: CheckpointSigning;
  readonly providers: Provider[];
  /** Ends signing, then its connections. */
  close(): Promise<void>;
}

/** The signer waits for nobody and nobody for it: two connections of its own, with limits of a command. */
const signerLimits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };

export async function ledgerParts(config: ApiConfig, pools: Pools): Promise<LedgerParts> {
  const inData = (folder: string) => path.join(config.dataDirectory, folder);
  const keys: SigningKeys = config.signingKeyFile
    ? await GivenSigningKeys.from(config.signingKeyFile)
    : new FileSigningKeys(inData('signing-keys'));
  const sql = connectPostgres(config.databaseUrl, {
    connections: 2,
    applicationName: 'countersign signer',
    limits: signerLimits,
  });
  const signing = new CheckpointSigning({
    sql,
    signer: new Signer(sql, nodeCrypto, keys, new FileSignerState(inData('signer'))),
    sinks: [new FileCheckpointSink(config.checkpointDirectory ?? inData('checkpoints'))],
    log: new Logger('signer'),
  });
  const transactions = new HeadTransactions(nodeCrypto, Date.now, (organizationId) => signing.appended(organizationId));
  const opening = new LedgerOpening(config.logHost, nodeCrypto, keys);
  const providers = providersOf({ pools, transactions, keys });
  return { transactions, opening, signing, providers, close: () => closeSigner(signing, sql) };
}

async function closeSigner(signing: CheckpointSigning, sql: Sql): Promise<void> {
  await signing.stop();
  await sql.end({ timeout: 5 });
}

interface Foundations {
  readonly pools: Pools;
  readonly transactions: HeadTransactions;
  readonly keys: SigningKeys;
}

function providersOf({ pools: { commands, reads }, transactions, keys }: Foundations): Provider[] {
  const ledger = new PostgresLedger({
    commands,
    reads,
    transactions,
    crypto: nodeCrypto,
    neededStreams: streamsWithOpenHolds,
    judgedStreams: streamsWithOpenApprovals,
    isConfiguration,
  });
  const own = new OwnStream(commands, transactions, nodeCrypto);
  const reader = new LedgerReader(reads, nodeCrypto);
  const restored = new RestoredLedgers({ own, reader, crypto: nodeCrypto, keys, now: Date.now });
  return [
    { provide: Ledger, useValue: ledger },
    { provide: LedgerAccess, useValue: new LedgerAccess(reads, nodeCrypto) },
    { provide: SigningKeyRotation, useValue: new PostgresSigningKeyRotation(own, reader, nodeCrypto, keys) },
    { provide: RestoredLedgers, useValue: restored },
  ];
}
