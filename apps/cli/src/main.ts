import { CommanderError } from 'commander';
import { CommandFailed } from './command-failed.ts';
import { exitCode } from './exit-code.ts';
import { listenForLostOutput } from './format/lost-output.ts';
import { buildProgram } from './program.ts';

listenForLostOutput(process.stdout, (message) => {
  console.error(`error: ${message}`);
  process.exitCode = exitCode.no;
});

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // Commander has said what was wrong with the command line; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof CommandFailed) {
    console.error(`error: ${error.message}`);
    return error.exitCode;
  }
  const isOurs = error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
  console.error(isOurs ? `error: ${error.message}` : error);
  return (error as { code?: unknown }).code === 'config.invalid' ? exitCode.usage : exitCode.no;
}
