import { CommandFailed } from './command-failed.ts';
import { exitCode } from './exit-code.ts';

/** Reads an option's whole number, or says which option wants one. */
export const wholeNumber =
  (option: string) =>
  (text: string): number => {
    if (!/^\d{1,9}$/.test(text))
      throw new CommandFailed(`${option} \`${text}\` must be a whole number`, exitCode.usage);
    return Number(text);
  };
