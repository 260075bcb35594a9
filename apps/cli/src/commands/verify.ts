import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { nodeCrypto } from '@countersign/crypto';
import { LedgerFormatError } from '@countersign/ledger';
import { ExportVerifier, type VerificationReport } from '@countersign/ledger/export';
import type { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { showProgress } from '../format/progress.ts';
import { verificationWords } from '../format/verification.ts';
import { localCommand } from '../operator/operator-command.ts';
import { readGiven, unreadable } from '../read-given.ts';
import { readKeys } from '../read-keys.ts';

interface VerifyFlags {
  readonly keys?: string;
  readonly since?: string;
  readonly json?: true;
}

export const verifyCommand = (): Command =>
  localCommand(
    'verify',
    'Check an exported ledger offline, trusting nobody: every event, every signature, every key.\nWithout --keys and --since it proves only that the file is consistent with itself.',
    'countersign ledger export --output ledger.ndjson\ncountersign verify ledger.ndjson --keys keys.txt --since checkpoint-of-last-month.txt',
  )
    .argument('<file>', 'as `countersign ledger export` wrote it')
    .option('--keys <file>', 'keys of the log, one a line, obtained elsewhere: the signer must be one of them')
    .option('--since <file>', 'a checkpoint obtained earlier and elsewhere: nothing up to it may have changed')
    .action(async (file: string, flags: VerifyFlags) => {
      const report = await verifyFile(file, await verifierFor(flags));
      printAnswer(report, flags, verificationWords);
      if (!report.ok) process.exitCode = exitCode.no;
    });

async function verifierFor({ keys, since }: VerifyFlags): Promise<ExportVerifier> {
  const pins = { keys: await readKeys(keys), ...(since !== undefined && { since: await readGiven(since) }) };
  try {
    return new ExportVerifier(nodeCrypto, pins);
  } catch (error) {
    if (!(error instanceof LedgerFormatError)) throw error;
    throw new CommandFailed(`${since ?? keys}: ${error.message}`, exitCode.usage);
  }
}

/** Reads the file once, however large it is. */
export async function verifyFile(file: string, verifier: ExportVerifier): Promise<VerificationReport> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const progress = showProgress('verifying', size);
  let read = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
      verifier.push(chunk);
      progress.to((read += chunk.length));
    }
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    progress.end();
  }
  return verifier.finish();
}
