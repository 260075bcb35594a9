import { LedgerFormatError } from '@countersign/ledger';
import {
  mergeFindings,
  parseCheckpoints,
  restoreReport,
  type RestoreReport,
  type SignedCheckpoint,
} from '@countersign/ledger/checkpoint';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { readGiven } from '../read-given.ts';
import { showProgress } from '../format/progress.ts';
import type { Session } from '../operator/connect.ts';

/** So many are compared at once: each costs the api the check of a signature, and agents are decided on meanwhile. */
const PAGE_CHECKPOINTS = 200;

/** The checkpoints of a file, smallest first. @throws {CommandFailed} naming the file when it holds anything else. */
export async function readCheckpoints(file: string): Promise<readonly SignedCheckpoint[]> {
  const text = await readGiven(file);
  try {
    return parseCheckpoints(text).sort((one, other) => one.size - other.size);
  } catch (error) {
    if (!(error instanceof LedgerFormatError)) throw error;
    throw new CommandFailed(`${file}: ${error.message}`, exitCode.usage);
  }
}

/** Has the api compare all of them with its ledger, page by page, and puts the findings together. */
export async function compareCheckpoints(
  session: Session,
  checkpoints: readonly SignedCheckpoint[],
): Promise<RestoreReport> {
  const progress = showProgress('comparing checkpoints', checkpoints.length);
  try {
    let report = await compare(session, checkpoints.slice(0, PAGE_CHECKPOINTS));
    for (let from = PAGE_CHECKPOINTS; from < checkpoints.length; from += PAGE_CHECKPOINTS) {
      progress.to(from);
      const page = await compare(session, checkpoints.slice(from, from + PAGE_CHECKPOINTS));
      report = restoreReport(mergeFindings(report, page));
    }
    return report;
  } finally {
    progress.end();
  }
}

async function compare({ client, at }: Session, checkpoints: readonly SignedCheckpoint[]): Promise<RestoreReport> {
  const text = checkpoints.map(({ note }) => `${note}\n`).join('');
  return (await client.post(at('/restore/check'), { checkpoints: text })) as RestoreReport;
}
