import { Command, CommanderError } from 'commander';
import { CommandFailed } from './command-failed.ts';
import { demoCommand } from './commands/demo.ts';
import { migrateCommand } from './commands/migrate.ts';
import { replayCommand } from './commands/replay.ts';
import { startCommand } from './commands/start.ts';

/**
 * Exit codes, for scripts: 0 done; 1 the answer is no, or it failed; 2 the command or its settings are wrong.
 */
const program = new Command('countersign')
  .description('The control plane between your AI agents and the world.')
  .addCommand(startCommand())
  .addCommand(migrateCommand())
  .addCommand(replayCommand())
  .addCommand(demoCommand())
  .showHelpAfterError('run with --help to see what is possible')
  .exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // Commander has said what was wrong with the command line; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandFailed) {
    console.error(`error: ${error.message}`);
    return error.exitCode;
  }
  const isOurs = error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
  console.error(isOurs ? `error: ${error.message}` : error);
  return (error as { code?: unknown }).code === 'config.invalid' ? 2 : 1;
}
