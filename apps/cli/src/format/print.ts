import { readConfig } from '@countersign/config';
import { ConnectionConfig, environment } from '../config.ts';
import { paintFor, type Paint } from './paint.ts';

export const paintOutput = (): Paint =>
  paintFor(process.stdout.isTTY === true, readConfig('connection', ConnectionConfig, environment).wantsColour);

/** Prints an answer: as JSON for scripts, else in words for people. Only this goes to stdout. */
export function printAnswer<Answer>(
  answer: Answer,
  { json }: { json?: true },
  words: (answer: Answer, paint: Paint) => string,
): void {
  console.log(json ? JSON.stringify(answer, null, 2) : words(answer, paintOutput()));
}
