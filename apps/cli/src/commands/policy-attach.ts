import type { CommandAnswer } from '@countersign/surface';
import type { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { changeWords } from '../format/publications.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

interface PointFlags extends ConnectionFlags {
  readonly wholeOrganization?: true;
  readonly team?: string;
  readonly agent?: string;
  readonly user?: string;
}

const withPoint = (command: Command) =>
  command
    .argument('<name>', 'the policy')
    .option('--whole-organization', 'every agent of the organization')
    .option('--team <team>', 'every agent of a team')
    .option('--agent <agent>', 'one agent')
    .option('--user <user>', 'actions on behalf of one user, whatever the agent');

export const policyAttachCommand = (): Command =>
  withPoint(
    operatorCommand(
      'attach',
      'Put a published policy in force somewhere. Where several apply, the strictest verdict wins.',
      'countersign policy attach support-agent --agent mailer\ncountersign policy attach guard-rails --whole-organization',
    ),
  ).action((name: string, flags: PointFlags) => run('AttachPolicy', name, flags));

export const policyDetachCommand = (): Command =>
  withPoint(
    operatorCommand(
      'detach',
      'Take a policy out of force somewhere. An agent without any policy may do nothing.',
      'countersign policy detach support-agent --agent mailer',
    ),
  ).action((name: string, flags: PointFlags) => run('DetachPolicy', name, flags));

async function run(type: 'AttachPolicy' | 'DetachPolicy', name: string, flags: PointFlags): Promise<void> {
  const chosen = chosenPoint(flags);
  const session = await connect(flags);
  const point = chosen.point ?? (await organizationId(session));
  const answer = await session.command<CommandAnswer>({ type, name, layer: chosen.layer, point });
  const place = chosen.layer === 'organization' ? 'the whole organization' : `${chosen.layer} ${chosen.point}`;
  printAnswer(answer, flags, () => changeWords(answer, name, () => doneWords(answer, type, name, place)));
}

function doneWords({ position }: CommandAnswer, type: 'AttachPolicy' | 'DetachPolicy', name: string, place: string) {
  if (position === null) return `${name} was attached to ${place} already`;
  return type === 'AttachPolicy' ? `attached ${name} to ${place}` : `detached ${name} from ${place}`;
}

const organizationId = async (session: Session) => (await session.get<{ id: string }>('')).id;

/** Exactly one point must be named; exported for its spec. */
export function chosenPoint({ wholeOrganization, team, agent, user }: PointFlags): {
  layer: string;
  point: string | null;
} {
  const given = Object.entries({ team, agent, user }).flatMap(([layer, point]) =>
    point === undefined ? [] : [{ layer, point }],
  );
  const all = [...given, ...(wholeOrganization ? [{ layer: 'organization', point: null }] : [])];
  const [only] = all;
  if (only && all.length === 1) return only;
  throw new CommandFailed(
    'say where, once: --whole-organization, --team TEAM, --agent AGENT or --user USER',
    exitCode.usage,
  );
}
