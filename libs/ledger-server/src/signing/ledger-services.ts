import type { LedgerCrypto } from '@countersign/ledger';
import type { Sql } from '@countersign/postgres';
import { streamsWithOpenHolds } from '../erasable.ts';
import type { HeadTransactions } from '../head-transactions.ts';
import { LedgerAccess } from '../ledger-access.ts';
import { LedgerReader } from '../ledger-reader.ts';
import { OwnStream } from '../own-stream.ts';
import { PostgresLedger } from '../postgres-ledger.ts';
import { CheckpointSigning, type SigningLog } from './checkpoint-signing.ts';
import { FileCheckpointSink } from './file-checkpoint-sink.ts';
import { FileSignerState } from './file-signer-state.ts';
import { FileSigningKeys, GivenSigningKeys } from './file-signing-keys.ts';
import type { LedgerConfig } from './ledger.config.ts';
import { LedgerOpening } from './ledger-opening.ts';
import { RestoredLedgers } from './restored-ledgers.ts';
import { PostgresSigningKeyRotation } from './rotate-signing-key.ts';
import { Signer } from './signer.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface LedgerServicesParts {
  readonly commands: Sql;
  readonly reads: Sql;
  /** A pool that only the signer uses; two connections are plenty. */
  readonly signing: Sql;
  readonly transactions: HeadTransactions;
  readonly crypto: LedgerCrypto;
  readonly log: SigningLog;
  readonly now: () => number;
}

/** Everything there is to a ledger on one database. */
export interface LedgerServices {
  readonly ledger: PostgresLedger;
  readonly access: LedgerAccess;
  readonly opening: LedgerOpening;
  readonly rotation: PostgresSigningKeyRotation;
  readonly restored: RestoredLedgers;
  readonly signing: CheckpointSigning;
}

/**
 * Puts it together. From then on `transactions` tells the signer of each append; `signing.start()` begins to look for
 * those of other processes.
 *
 * @throws {SigningKeyError | SigningKeyUnavailable} for a `SIGNING_KEY_FILE` without usable keys.
 */
export async function createLedgerServices(config: LedgerConfig, parts: LedgerServicesParts): Promise<LedgerServices> {
  const { commands, reads, transactions, crypto, log, now } = parts;
  const keys = await signingKeys(config);
  const reader = new LedgerReader(reads, crypto);
  const own = new OwnStream(commands, transactions, crypto);
  const signer = new Signer(parts.signing, crypto, keys, new FileSignerState(config.signerStateDirectory));
  const sinks = [new FileCheckpointSink(config.checkpointDirectory)];
  const signing = new CheckpointSigning({ sql: parts.signing, signer, sinks, log });
  transactions.onAppended((organizationId) => signing.appended(organizationId));
  return {
    ledger: new PostgresLedger({ commands, reads, transactions, crypto, neededStreams: streamsWithOpenHolds }),
    access: new LedgerAccess(reads, crypto),
    opening: new LedgerOpening(config.host, crypto, keys),
    rotation: new PostgresSigningKeyRotation(own, reader, crypto, keys),
    restored: new RestoredLedgers({ own, reader, crypto, keys, now }),
    signing,
  };
}

async function signingKeys({ signingKeyFile, signingKeyDirectory }: LedgerConfig): Promise<SigningKeys> {
  return signingKeyFile === undefined ? new FileSigningKeys(signingKeyDirectory) : GivenSigningKeys.from(signingKeyFile);
}
