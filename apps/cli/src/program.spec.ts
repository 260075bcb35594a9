import { CommanderError, type Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './commands/completion.ts';
import { buildProgram } from './program.ts';

const quiet = (command: Command): Command => {
  command.commands.forEach(quiet);
  return command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
};

/** Every command that does something, by the words to type. */
const leaves = (command: Command, path: readonly string[] = []): readonly (readonly [string, Command])[] =>
  command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((child) => leaves(child, [...path, child.name()]));

const all = leaves(buildProgram());

describe('every command', () => {
  it.each(all)('`%s` refuses an option that does not exist, as a usage error', async (words) => {
    const run = quiet(buildProgram()).parseAsync(['node', 'countersign', ...words.split(' '), '--no-such-option']);
    await expect(run).rejects.toMatchObject({
      constructor: CommanderError,
      exitCode: 1,
      // An option that must be there is missed first.
      code: expect.stringMatching(/^commander\.(unknownOption|missingMandatoryOptionValue)$/),
    });
  });

  it.each(all.filter(([words]) => !['start', 'migrate', 'demo'].includes(words)))(
    '`%s` can answer in JSON',
    (_, command) => {
      expect(command.options.map(({ long }) => long)).toContain('--json');
    },
  );

  it.each(all)('`%s` explains itself with its exit codes or an example', (_, command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(/Example|countersign |Exit codes/);
    expect(command.description().length).toBeGreaterThan(10);
  });
});

it('completion knows every command', () => {
  const script = completionScript(buildProgram());
  expect(script).toContain("' policy') words='validate test template diff publish");
  expect(script).toContain("' agent key') words='issue revoke list");
});
