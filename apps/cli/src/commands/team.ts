import { Command } from 'commander';
import { printAnswer } from '../format/print.ts';
import { tableOr } from '../format/table.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function teamCommand(): Command {
  return new Command('team')
    .description('Teams own agents and answer what policies ask.')
    .addCommand(addCommand())
    .addCommand(listCommand());
}

const addCommand = () =>
  operatorCommand('add', 'Make a team.', 'countersign team add treasury')
    .argument('<name>', 'a-z, 0-9, dot, underscore and dash; at most 63')
    .action(async (name: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.command<object>({ type: 'CreateTeam', name });
      printAnswer(answer, flags, () => `made team ${name}`);
    });

const listCommand = () =>
  operatorCommand('list', 'List the teams.', 'countersign team list').action(async (flags: ConnectionFlags) => {
    const session = await connect(flags);
    const { teams } = await session.get<{ teams: { id: string; name: string }[] }>('');
    printAnswer({ teams }, flags, (_, paint) =>
      tableOr(
        'no team yet: countersign team add NAME',
        ['NAME', 'ID'],
        teams.map(({ id, name }) => [name, id]),
        paint,
      ),
    );
  });
