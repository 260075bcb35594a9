import { Command } from 'commander';
import { exitCodesHelp } from '../exit-code.ts';

/**
 * A command that speaks to a server, with the options all of them share and a help text that ends in an example.
 *
 * @param example what to type, one or more lines.
 */
export function operatorCommand(name: string, description: string, example: string): Command {
  return withServer(localCommand(name, description, example)).option(
    '-o, --organization <name>',
    'organization, by name or id; not needed while there is only one',
  );
}

/** Which server to speak to, and as whom; `connectClient` reads it. */
export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'the api; else COUNTERSIGN_URL, else what `countersign start` wrote')
    .option(
      '--token <token>',
      'operator token (cso_…); else COUNTERSIGN_TOKEN, which `ps` does not show, else the file',
    );
}

/** A command that needs no server. */
export function localCommand(name: string, description: string, example: string): Command {
  const lines = example.split('\n').map((line) => `  ${line}`);
  return new Command(name)
    .description(description)
    .summary(description.split(/(?<=\.)\s|\n/)[0] ?? description)
    .option('--json', 'print the answer as JSON, for scripts')
    .addHelpText('after', `\nExample:\n${lines.join('\n')}\n${exitCodesHelp}`);
}
