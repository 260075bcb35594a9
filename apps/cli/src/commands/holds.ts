import type { HoldForPeople } from '@countersign/operator-server';
import { Command, Option } from 'commander';
import { holdsTable } from '../format/money.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function holdsCommand(): Command {
  return new Command('holds')
    .description('Money set aside for allowed actions until their real cost is known.')
    .addCommand(listCommand())
    .addCommand(correctCommand());
}

const listCommand = () =>
  operatorCommand('list', 'List open holds, or those nobody reported on.', 'countersign holds list --state unreported')
    .addOption(new Option('--state <state>', 'which').choices(['open', 'unreported']).default('open'))
    .action(async (flags: ConnectionFlags & { state: string }) => {
      const session = await connect(flags);
      const answer = await session.get<{ holds: readonly HoldForPeople[] }>(`/holds?state=${flags.state}`);
      printAnswer(answer, flags, ({ holds }, paint) => holdsTable(holds, flags.state, paint));
    });

const correctCommand = () =>
  operatorCommand(
    'correct',
    'Say what actions really cost whose holds ended, as events: budgets move at once.',
    'countersign holds correct dec_0198c5… --usd 0.42 --reason "as the invoice says"\ncountersign holds correct dec_0198c5… dec_0198c6… --usd 0 --reason "never ran"',
  )
    .argument('<decision...>', 'ids of the decisions; each gets the same cost')
    .requiredOption('--usd <amount>', 'what it cost, as a decimal')
    .option('--tokens <count>', 'how many tokens it took')
    .requiredOption('--reason <text>', 'why; it stays in the ledger')
    .action(async (decisions: string[], flags: ConnectionFlags & { usd: string; tokens?: string; reason: string }) => {
      const session = await connect(flags);
      const cost = { usd: flags.usd, ...(flags.tokens !== undefined && { tokens: Number(flags.tokens) }) };
      const corrected: { decisionId: string; position: number | null }[] = [];
      for (const decisionId of decisions) {
        const body = { type: 'CorrectHold', decisionId, cost, reason: flags.reason };
        const { position } = await session.command<{ position: number | null }>(body);
        corrected.push({ decisionId, position });
      }
      printAnswer({ corrected }, flags, () => corrected.map(correctedWords).join('\n'));
    });

const correctedWords = ({ decisionId, position }: { decisionId: string; position: number | null }) =>
  position === null ? `${decisionId} stood at that cost already` : `corrected ${decisionId} at position ${position}`;
