import { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function payloadCommand(): Command {
  return new Command('payload')
    .description('What events say, as opposed to that they happened.')
    .addCommand(eraseCommand());
}

const eraseCommand = () =>
  operatorCommand(
    'erase',
    'Remove what events say, for ever. Proofs stay intact, and the ledger records who erased what and why.\nBackups and exports made earlier keep it.',
    'countersign payload erase 1042 1050-1055 --reason "request of customer 123" --yes',
  )
    .argument('<positions...>', 'positions of the ledger, or ranges such as 10-15')
    .requiredOption('--reason <text>', 'why; it stays in the ledger in place of the content')
    .option('--yes', 'needed: there is no way back')
    .action(async (texts: string[], flags: ConnectionFlags & { reason: string; yes?: true }) => {
      const positions = positionsOf(texts);
      if (!flags.yes)
        throw new CommandFailed(
          `this removes the content of ${positions.length} event(s) for ever: add --yes to do it`,
          exitCode.usage,
        );
      const session = await connect(flags);
      const answer = await session.command<{ position: number }>({
        type: 'ErasePayloads',
        positions,
        reason: flags.reason,
      });
      printAnswer(
        answer,
        flags,
        ({ position }) => `erased ${positions.length} payload(s); recorded at position ${position}`,
      );
    });

/** As many as the server erases at once. */
const POSITIONS_MAX = 1_000;

/** Reads `7` and `10-15`; each position once, ascending. */
export function positionsOf(texts: readonly string[]): readonly number[] {
  const positions = new Set(texts.flatMap(rangeOf));
  if (positions.size > POSITIONS_MAX)
    throw new CommandFailed(
      `${positions.size} positions are too many for one erasure: at most ${POSITIONS_MAX}`,
      exitCode.usage,
    );
  return [...positions].sort((one, other) => one - other);
}

function rangeOf(text: string): readonly number[] {
  const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (first === undefined || count < 1 || count > POSITIONS_MAX)
    throw new CommandFailed(
      `\`${text}\` must be a position such as 1042 or a range such as 10-15, of at most ${POSITIONS_MAX}`,
      exitCode.usage,
    );
  return Array.from({ length: count }, (_, index) => Number(first) + index);
}
