import type { CommandAnswer, Warning } from '@countersign/surface';
import { Option, type Command } from 'commander';
import { printAnswer } from '../format/print.ts';
import { changeWords } from '../format/publications.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { readSoundPolicy } from '../policy/policy-file.ts';
import { publishedPolicy, referenceOf } from '../policy/policy-reference.ts';
import { wholeNumber } from '../whole-number.ts';

interface PublishFlags extends ConnectionFlags {
  readonly note: string;
  readonly expectVersion?: number;
}

export const policyPublishCommand = (): Command =>
  operatorCommand(
    'publish',
    'Publish policies. Each becomes a new version, in force with the very next decision on every replica.\nWhat is published already is not published again. Under four eyes a version waits for a second person.',
    'countersign policy publish support-agent.yaml --note "refunds up to 50 by themselves"',
  )
    .argument('<file...>', 'policy files; all are checked before the first is published')
    .option('--note <text>', 'why; shown in the history', '')
    .addOption(
      new Option('--expect-version <n>', 'refuse if another version is in force: somebody else published').argParser(
        wholeNumber('--expect-version'),
      ),
    )
    .action(async (files: string[], flags: PublishFlags) => {
      const read = await Promise.all(files.map(readSoundPolicy));
      const session = await connect(flags);
      const published: (CommandAnswer & { file: string; name: string })[] = [];
      for (const { file, text, policy } of read) {
        const { note, expectVersion: expectedVersion } = flags;
        const body = {
          type: 'PublishPolicy',
          document: text,
          note,
          ...(expectedVersion !== undefined && { expectedVersion }),
        };
        published.push({ file, name: policy.name, ...(await session.command<CommandAnswer>(body)) });
      }
      printAnswer({ published }, flags, () => published.flatMap(publishedLines).join('\n'));
    });

function publishedLines(answer: CommandAnswer & { file: string; name: string }): readonly string[] {
  const { file, name, events, warnings } = answer;
  const version = versionOf(events);
  const done = () => (version === null ? `${name} was in force already` : `published ${name} version ${version}`);
  return [...warnings.map((warning) => warningLine(file, warning)), changeWords(answer, name, done)];
}

export const versionOf = (events: CommandAnswer['events']): number | null =>
  (events.find(({ type }) => type === 'PolicyPublished')?.data as { version?: number } | undefined)?.version ?? null;

export const warningLine = (file: string, { line, column, code, message }: Warning) =>
  `${file}:${line ?? 1}:${column ?? 1} warning ${code} ${message}`;

export const policyRollbackCommand = (): Command =>
  operatorCommand(
    'rollback',
    'Put an earlier version in force again, by publishing its text as a new version: history only grows.',
    'countersign policy rollback support-agent --to 2',
  )
    .argument('<name>', 'the policy')
    .addOption(new Option('--to <version>', 'which').argParser(wholeNumber('--to')).makeOptionMandatory())
    .option('--note <text>', 'why; shown in the history')
    .action(async (name: string, flags: ConnectionFlags & { to: number; note?: string }) => {
      const session = await connect(flags);
      const current = await publishedPolicy(session, referenceOf(name));
      const { document } = await publishedPolicy(session, { name, version: flags.to });
      const note = flags.note ?? `rolled back to version ${flags.to}`;
      const answer = await session.command<CommandAnswer>({
        type: 'PublishPolicy',
        document,
        note,
        expectedVersion: current.version,
      });
      const version = versionOf(answer.events);
      const done = () =>
        version === null
          ? `version ${current.version} says the same already`
          : `published ${name} version ${version}, the text of version ${flags.to}`;
      printAnswer(answer, flags, () => changeWords(answer, name, done));
    });
