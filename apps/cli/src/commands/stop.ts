import { Option, type Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { stopsWords, type StopAnswer } from '../format/stops.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

interface ScopeFlags {
  readonly all?: true;
  readonly team?: string;
  readonly agent?: string;
  readonly intent?: string;
}

const withReason = (command: Command) => command.option('--reason <text>', 'why; it stays in the ledger', '');

export const stopCommand = (): Command =>
  withReason(
    operatorCommand(
      'stop',
      'Stop everything, a team, an agent, or what a pattern selects. Nothing in its scope is allowed at any later position.\nWhat runs already may still report its cost. Placing the same stop twice is placing it once.',
      'countersign stop --all --reason "strange refunds"\ncountersign stop --agent mailer\ncountersign stop --intent "payment.*:*" --team treasury',
    ),
  )
    .addOption(new Option('--all', 'the whole organization').conflicts(['team', 'agent', 'intent']))
    .option('--team <team>', 'a team; with --intent: only what its agents ask')
    .addOption(new Option('--agent <agent>', 'an agent, by name or id').conflicts(['team', 'intent']))
    .option('--intent <pattern>', 'intents, or intent:target, as in a policy')
    .action(async (flags: ConnectionFlags & ScopeFlags & { reason: string }) => {
      const scope = scopeOf(flags);
      const session = await connect(flags);
      const { events } = await session.command<PlacedAnswer>({ type: 'PlaceStop', scope, reason: flags.reason });
      printAnswer(await stopOf(session, events[0]?.data.stopId), flags, (stop, paint) =>
        stop ? stopsWords([stop], paint) : 'you have stopped exactly that already; countersign stops shows it',
      );
    });

export const liftCommand = (): Command =>
  withReason(
    operatorCommand(
      'lift',
      'Lift a stop: what it covers is judged by its policies again. Lifting twice is lifting once.',
      'countersign lift stp_0198c5… --reason "it was a test"',
    ),
  )
    .argument('<stop>', 'its id, from `countersign stops`')
    .action(async (stopId: string, flags: ConnectionFlags & { reason: string }) => {
      const session = await connect(flags);
      const answer = await session.command<{ position: number | null }>({
        type: 'LiftStop',
        stopId,
        reason: flags.reason,
      });
      printAnswer(answer, flags, ({ position }) =>
        position === null ? `${stopId} was lifted before` : `lifted ${stopId} at position ${position}`,
      );
    });

export const stopsCommand = (): Command =>
  operatorCommand(
    'stops',
    'List the stops in force: since when, by whom, and the last action that was allowed before.',
    'countersign stops',
  ).action(async (flags: ConnectionFlags) => {
    const session = await connect(flags);
    printAnswer(await session.get<{ stops: readonly StopAnswer[] }>('/stops'), flags, ({ stops }, paint) =>
      stopsWords(stops, paint),
    );
  });

type Scope = Readonly<{ kind: string; team?: string | null; agent?: string; pattern?: string }>;

/** Exported for its spec. @throws CommandFailed when nothing says what to stop: the widest scope is never a default. */
export function scopeOf({ all, team, agent, intent }: ScopeFlags): Scope {
  if (all) return { kind: 'organization' };
  if (intent !== undefined) return { kind: 'intent', pattern: intent, team: team ?? null };
  if (agent !== undefined) return { kind: 'agent', agent };
  if (team !== undefined) return { kind: 'team', team };
  throw new CommandFailed('say what to stop: --all, --team, --agent or --intent', exitCode.usage);
}

interface PlacedAnswer {
  readonly events: readonly { readonly data: { readonly stopId: string } }[];
}

/** Null when the command had taken effect before, or somebody lifted it since. */
async function stopOf(session: Session, stopId: string | undefined): Promise<StopAnswer | null> {
  if (stopId === undefined) return null;
  const { stops } = await session.get<{ stops: readonly StopAnswer[] }>('/stops');
  return stops.find(({ id }) => id === stopId) ?? null;
}
