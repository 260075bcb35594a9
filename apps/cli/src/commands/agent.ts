import { Command } from 'commander';
import { wireTimes } from '../apply/wire-times.ts';
import { agentsTable, agentWords, type AgentAnswer } from '../format/agents.ts';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { withOwnerIds } from '../operator/owner.ts';
import { agentKeyCommand } from './agent-key.ts';

export function agentCommand(): Command {
  return new Command('agent')
    .description('Agents: programs that ask before they act.')
    .addCommand(addCommand())
    .addCommand(changeCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(retireCommand())
    .addCommand(agentKeyCommand());
}

interface ProfileFlags {
  readonly owner?: string;
  readonly deputy?: string;
  readonly purpose?: string;
  readonly environment?: string;
  readonly riskClass?: string;
  readonly instructionsUrl?: string;
  readonly inServiceFrom?: string;
  readonly inServiceTo?: string;
  readonly label?: Readonly<Record<string, string>>;
}

const withProfile = (command: Command) =>
  command
    .option('--owner <member>', 'who answers for it and never decides about it: e-mail address or member id')
    .option('--deputy <who>', 'who does while the owner is away')
    .option('--purpose <text>', 'what it is for')
    .option('--environment <name>', 'such as production or staging')
    .option('--risk-class <name>', 'such as minimal, limited or high')
    .option('--instructions-url <url>', 'where its instructions are written')
    .option('--in-service-from <time>', 'nothing is allowed before, such as 2026-12-01T00:00:00Z')
    .option('--in-service-to <time>', 'nothing is allowed from then on')
    .option('--label <key=value>', 'may be repeated', label, {});

/** Gathers `--label key=value`; exported for its spec. */
export function label(text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1)
    throw new CommandFailed(`--label \`${text}\` must be key=value, such as --label tier=gold`, exitCode.usage);
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

/** What was given, and nothing else: the server fills in the defaults. */
export function profileOf(flags: ProfileFlags): Readonly<Record<string, unknown>> {
  const { owner, deputy, purpose, environment, riskClass, instructionsUrl, inServiceFrom, inServiceTo } = flags;
  const labels = Object.keys(flags.label ?? {}).length > 0 ? flags.label : undefined;
  const given = { owner, deputy, purpose, environment, riskClass, instructionsUrl, inServiceFrom, inServiceTo, labels };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const addCommand = () =>
  withProfile(
    operatorCommand(
      'add',
      'Register an agent. It can do nothing until it has a key and a policy.',
      'countersign agent add mailer --team support --purpose "answers customers" --label tier=gold\ncountersign agent key issue mailer',
    ),
  )
    .argument('<name>', 'a-z, 0-9, dot, underscore and dash; at most 63')
    .requiredOption('--team <team>', 'the team that owns it')
    .action(async (name: string, flags: ConnectionFlags & ProfileFlags & { team: string }) => {
      const session = await connect(flags);
      const [owned] = await withOwnerIds(session, [{ profile: profileOf(flags) }]);
      const answer = await session.command<object>({ type: 'RegisterAgent', name, team: flags.team, ...owned });
      const next = `next: countersign agent key issue ${name}; countersign policy attach POLICY --agent ${name}`;
      printAnswer(answer, flags, () => `registered agent ${name}\n${next}`);
    });

const changeCommand = () =>
  withProfile(
    operatorCommand(
      'change',
      'Change what is said of an agent; what is not given stays.',
      'countersign agent change mailer --owner grace@example.com',
    ),
  )
    .argument('<agent>', 'name or id')
    .option('--team <team>', 'move it to another team')
    .action(async (agent: string, flags: ConnectionFlags & ProfileFlags & { team?: string }) => {
      const session = await connect(flags);
      const known = await findAgent(session.get('/agents'), agent);
      const profile = { ...wireTimes(known.profile), ...profileOf(flags) };
      const [owned] = await withOwnerIds(session, [{ profile }]);
      const answer = await session.command<object>({
        type: 'ChangeAgent',
        agent,
        ...owned,
        ...(flags.team && { team: flags.team }),
      });
      printAnswer(answer, flags, () => `changed agent ${agent}`);
    });

async function findAgent(answer: Promise<{ agents: readonly AgentAnswer[] }>, name: string): Promise<AgentAnswer> {
  const { agents } = await answer;
  const found = agents.find((agent) => agent.name === name || agent.id === name);
  if (!found)
    throw new CommandFailed(`there is no agent \`${name}\`; countersign agent list shows all`, exitCode.refused);
  return found;
}

const listCommand = () =>
  operatorCommand('list', 'List the agents.', 'countersign agent list').action(async (flags: ConnectionFlags) => {
    const session = await connect(flags);
    printAnswer(await session.get<{ agents: readonly AgentAnswer[] }>('/agents'), flags, ({ agents }, paint) =>
      agentsTable(agents, paint),
    );
  });

const showCommand = () =>
  operatorCommand('show', 'Show everything about one agent.', 'countersign agent show mailer')
    .argument('<agent>', 'name or id')
    .action(async (agent: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      printAnswer(await findAgent(session.get('/agents'), agent), flags, agentWords);
    });

const retireCommand = () =>
  operatorCommand(
    'retire',
    'Retire an agent for ever: everything it asks is blocked.',
    'countersign agent retire mailer --reason "replaced by mailer-2"',
  )
    .argument('<agent>', 'name or id')
    .option('--reason <text>', 'why; it stays in the ledger', '')
    .action(async (agent: string, flags: ConnectionFlags & { reason: string }) => {
      const session = await connect(flags);
      const answer = await session.command<object>({ type: 'RetireAgent', agent, reason: flags.reason });
      printAnswer(answer, flags, () => `retired agent ${agent}`);
    });
