import { Command, Option } from 'commander';
import { keysTable, type AgentAnswer } from '../format/agents.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function agentKeyCommand(): Command {
  return new Command('key')
    .description('Keys by which agents authenticate. An agent may have several, so that they can be rotated.')
    .addCommand(issueCommand())
    .addCommand(revokeCommand())
    .addCommand(listCommand());
}

interface IssueFlags extends ConnectionFlags {
  readonly scope?: readonly string[];
  readonly expires?: string;
  readonly user?: string;
}

const issueCommand = () =>
  operatorCommand(
    'issue',
    'Issue a key. It is printed once, alone on stdout, and kept nowhere.',
    'countersign agent key issue mailer --expires 2027-01-01T00:00:00Z > mailer.key',
  )
    .argument('<agent>', 'name or id')
    .addOption(
      new Option('--scope <scopes...>', 'act: decide for real; test: dry runs. Both when left out').choices([
        'act',
        'test',
      ]),
    )
    .option('--expires <time>', 'RFC 3339; never when left out')
    .option('--user <user>', 'bind it to one user: it can act for nobody else')
    .action(async (agent: string, flags: IssueFlags) => {
      const session = await connect(flags);
      const answer = await session.command<{ key: string; events: { data: { keyId: string } }[] }>({
        type: 'IssueAgentKey',
        agent,
        ...(flags.scope && { scopes: flags.scope }),
        ...(flags.expires !== undefined && { expiresAt: flags.expires }),
        ...(flags.user !== undefined && { boundUser: flags.user }),
      });
      printAnswer(answer, flags, ({ key }) => key);
      if (!flags.json)
        console.error(`issued ${answer.events[0]?.data.keyId} for ${agent}; this is the only time it is shown`);
    });

const revokeCommand = () =>
  operatorCommand(
    'revoke',
    'Revoke a key. The very next decision refuses it, on every replica.',
    'countersign agent key revoke key_0198c5… --reason "laptop lost"',
  )
    .argument('<key>', 'its id, from `countersign agent key list`')
    .option('--reason <text>', 'why; it stays in the ledger', '')
    .action(async (keyId: string, flags: ConnectionFlags & { reason: string }) => {
      const session = await connect(flags);
      const answer = await session.command<{ position: number | null }>({
        type: 'RevokeAgentKey',
        keyId,
        reason: flags.reason,
      });
      printAnswer(answer, flags, ({ position }) =>
        position === null ? `${keyId} was revoked before` : `revoked ${keyId}`,
      );
    });

const listCommand = () =>
  operatorCommand(
    'list',
    'List keys, of one agent or of all. The keys themselves are stored nowhere.',
    'countersign agent key list mailer',
  )
    .argument('[agent]', 'name or id')
    .action(async (agent: string | undefined, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const { agents } = await session.get<{ agents: readonly AgentAnswer[] }>('/agents');
      const keys = agents
        .filter(({ id, name }) => agent === undefined || agent === name || agent === id)
        .flatMap(({ name, keys: own }) => own.map((key) => ({ ...key, agent: name })));
      printAnswer({ keys }, flags, (_, paint) => keysTable(keys, paint));
    });
