import { Command } from 'commander';
import { printAnswer } from '../format/print.ts';
import { exportLedger } from '../ledger/export-ledger.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('The append-only record of everything that was decided.')
    .addCommand(exportCommand())
    .addCommand(eventsCommand())
    .addCommand(
      textCommand(
        'checkpoint',
        'Print the latest signed checkpoint. Keep it elsewhere: it pins everything up to it.',
        'countersign ledger checkpoint > checkpoint.txt',
      ),
    )
    .addCommand(
      textCommand(
        'keys',
        'Print the keys that sign checkpoints, one a line. Keep them elsewhere.',
        'countersign ledger keys > keys.txt',
      ),
    )
    .addCommand(rotateCommand());
}

const exportCommand = () =>
  operatorCommand(
    'export',
    'Write the whole ledger to a file that anybody can verify offline. Starts again by itself when an erasure overtakes it.',
    'countersign ledger export --output ledger.ndjson\ncountersign verify ledger.ndjson',
  )
    .requiredOption('--output <file>', 'where to; appears only once it is complete')
    .action(async (flags: ConnectionFlags & { output: string }) => {
      const { lines, tries } = await exportLedger(await connect(flags), flags.output);
      printAnswer(
        { file: flags.output, lines, tries },
        flags,
        () => `wrote ${lines} lines to ${flags.output}; next: countersign verify ${flags.output}`,
      );
    });

interface EventAnswer {
  readonly position: number;
  readonly recordedAt: string;
  readonly type: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly payload: unknown;
}

const eventsCommand = () =>
  operatorCommand('events', 'Show events as they are recorded.', 'countersign ledger events --from 100 --limit 20')
    .option('--from <position>', 'first position', '0')
    .option('-n, --limit <count>', 'how many, at most 1000', '100')
    .action(async (flags: ConnectionFlags & { from: string; limit: string }) => {
      const session = await connect(flags);
      const query = new URLSearchParams({ from: flags.from, limit: flags.limit });
      const answer = await session.get<{ events: readonly EventAnswer[] }>(`/events?${query}`);
      printAnswer(answer, flags, ({ events }) => events.map(eventLine).join('\n'));
    });

/** JSON escapes whatever a payload holds, so that it is safe to show. */
const eventLine = ({ position, recordedAt, type, actor, payload }: EventAnswer) =>
  `${position}  ${recordedAt}  ${type}  ${actor.kind} ${actor.id}\n    ${payload === null ? '(erased)' : JSON.stringify(payload)}`;

const textCommand = (name: 'checkpoint' | 'keys', description: string, example: string) =>
  operatorCommand(name, description, example).action(async (flags: ConnectionFlags) => {
    const session = await connect(flags);
    const text = await session.client.text(session.at(`/ledger/${name}`));
    console.log(flags.json ? JSON.stringify({ [name]: text }) : text.trimEnd());
  });

const rotateCommand = () =>
  operatorCommand(
    'rotate-key',
    'Replace the key that signs checkpoints; the present one vouches for the next.',
    'countersign ledger rotate-key',
  ).action(async (flags: ConnectionFlags) => {
    const session = await connect(flags);
    const answer = await session.command<{ events: { type: string; data: { vkey?: string } }[] }>({
      type: 'RotateSigningKey',
    });
    printAnswer(answer, flags, ({ events }) => `the new key is ${events.find(({ data }) => data.vkey)?.data.vkey}`);
  });
