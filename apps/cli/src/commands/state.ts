import type { StateReport } from '@countersign/operator-server';
import { Command } from 'commander';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { stateWords } from '../format/state.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function stateCommand(): Command {
  return new Command('state').description('What the next decision depends on.').addCommand(
    operatorCommand(
      'check',
      'Recompute everything from the ledger and compare: every counter, hold and setting, and every decision decided again.',
      'countersign state check && echo "as recorded"',
    ).action(async (flags: ConnectionFlags) => {
      const session = await connect(flags);
      const report = (await session.client.post(session.at('/state/check'), {})) as StateReport;
      printAnswer(report, flags, stateWords);
      if (!report.agrees) process.exitCode = exitCode.no;
    }),
  );
}
