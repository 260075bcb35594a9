import type { SignedCheckpoint } from '@countersign/ledger/checkpoint';
import type { CommandAnswer } from '@countersign/surface';
import { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { isLoss, restoreWords } from '../format/restore.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { compareCheckpoints, readCheckpoints } from '../restore/compare-checkpoints.ts';

export function restoreCommand(): Command {
  return new Command('restore')
    .description('After a database was restored: what is missing, and how its ledgers go on.')
    .addCommand(checkCommand())
    .addCommand(reopenCommand());
}

const checkCommand = () =>
  operatorCommand(
    'check',
    'Compare the ledger with checkpoints kept outside the database, and find where they part.\nChanges nothing. Exits with 1 when something signed is missing.',
    'countersign restore check --checkpoint .countersign/checkpoints/<organization id>.txt',
  )
    .requiredOption('--checkpoint <file>', 'one checkpoint or many, as they were printed or kept outside the database')
    .action(async (flags: ConnectionFlags & { checkpoint: string }) => {
      const checkpoints = await readCheckpoints(flags.checkpoint);
      const report = await compareCheckpoints(await connect(flags), checkpoints);
      printAnswer(report, flags, (answer, paint) => restoreWords(answer, paint, flags.checkpoint));
      if (isLoss(report)) process.exitCode = exitCode.no;
    });

interface ReopenFlags extends ConnectionFlags {
  readonly checkpoint?: string;
  readonly reason: string;
  readonly yes?: true;
}

const reopenCommand = () =>
  operatorCommand(
    'reopen',
    'Let a restored ledger go on as another log, so that it is signed again and nobody takes the two for one.\nWhat was lost stays lost, and the ledger records that it was. Until then agents are answered, and nothing is signed.',
    'countersign restore reopen --checkpoint checkpoints.txt --reason "the disk of db-1 was lost" --yes',
  )
    .option(
      '--checkpoint <file>',
      'as for `restore check`; the largest is recorded. Leave it out only if none was kept',
    )
    .requiredOption('--reason <text>', 'why; it stays in the ledger')
    .option('--yes', 'needed: there is no way back to the former name')
    .action(async (flags: ReopenFlags) => {
      const checkpoints = flags.checkpoint === undefined ? [] : await readCheckpoints(flags.checkpoint);
      if (!flags.yes)
        throw new CommandFailed('this gives the ledger another name for ever: add --yes to do it', exitCode.usage);
      const answer = await reopen(await connect(flags), flags.reason, checkpoints.at(-1));
      printAnswer(answer, flags, reopenedWords);
    });

const reopen = (session: Session, reason: string, last: SignedCheckpoint | undefined) =>
  session.command<CommandAnswer>({ type: 'ReopenLedger', lastCheckpoint: last?.note ?? null, reason });

function reopenedWords({ events, position }: CommandAnswer): string {
  const restored = events.find(({ type }) => type === 'LedgerRestored')?.data as { origin?: string } | undefined;
  return [
    `the ledger goes on as ${restored?.origin}, recorded up to position ${position}`,
    'next: countersign ledger keys > keys.txt; countersign ledger checkpoint > checkpoint.txt, and keep both elsewhere',
  ].join('\n');
}
