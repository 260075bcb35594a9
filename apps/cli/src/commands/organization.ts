import { Command } from 'commander';
import { printAnswer } from '../format/print.ts';
import { tableOr } from '../format/table.ts';
import { connect, connectClient, sessionOf, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function organizationCommand(): Command {
  return new Command('organization')
    .description('Organizations: each has its own ledger, agents, policies and budgets.')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(timeZoneCommand());
}

const addCommand = () =>
  operatorCommand('add', 'Make an organization.', 'countersign organization add acme --time-zone Europe/Zurich')
    .argument('<name>', 'a-z, 0-9, dot, underscore and dash; at most 63')
    .option('--time-zone <zone>', 'in which days and months of budgets begin (IANA name)', 'UTC')
    .action(async (name: string, flags: ConnectionFlags & { timeZone: string }) => {
      const client = await connectClient(flags);
      const answer = (await client.post('/operator/organizations', { name, timeZone: flags.timeZone })) as {
        id: string;
      };
      printAnswer(answer, flags, ({ id }) => `made organization ${name} (${id})`);
    });

const listCommand = () =>
  operatorCommand('list', 'List all organizations.', 'countersign organization list').action(
    async (flags: ConnectionFlags) => {
      const client = await connectClient(flags);
      const answer = (await client.get('/operator/organizations')) as { organizations: { id: string; name: string }[] };
      printAnswer(answer, flags, ({ organizations }, paint) =>
        tableOr(
          'no organization yet: countersign organization add NAME',
          ['NAME', 'ID'],
          organizations.map(({ id, name }) => [name, id]),
          paint,
        ),
      );
    },
  );

interface OrganizationAnswer {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly position: number;
  readonly teams: readonly { readonly name: string }[];
}

const showCommand = () =>
  operatorCommand('show', 'Show one organization and its teams.', 'countersign organization show acme')
    .argument('[name]', 'name or id; else that of --organization')
    .action(async (name: string | undefined, flags: ConnectionFlags) => {
      const session = name === undefined ? await connect(flags) : sessionOf(await connectClient(flags), name);
      printAnswer(await session.get<OrganizationAnswer>(''), flags, organizationWords);
    });

const organizationWords = ({ id, name, timeZone, position, teams }: OrganizationAnswer) =>
  [
    `${name} (${id})`,
    `time zone ${timeZone}; configuration as of position ${position}`,
    `teams: ${teams.map((team) => team.name).join(', ') || 'none yet: countersign team add NAME'}`,
  ].join('\n');

const timeZoneCommand = () =>
  operatorCommand(
    'time-zone',
    'Change the zone in which days and months begin. Applies when the windows now running end.',
    'countersign organization time-zone America/Sao_Paulo',
  )
    .argument('<zone>', 'IANA name, such as Europe/Zurich')
    .action(async (timeZone: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.command<{ position: number | null }>({ type: 'ChangeTimeZone', timeZone });
      printAnswer(answer, flags, ({ position }) =>
        position === null ? `it is ${timeZone} already` : `changed to ${timeZone}`,
      );
    });
