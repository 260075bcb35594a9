import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';

/**
 * Reads `--set path=value`. Numbers and true or false are what they look like; a text that must not be is put in
 * quotes: `--set prices[0].inputPerMTok='"1.10"'`.
 */
export function overridesOf(texts: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(texts.map(overrideOf));
}

function overrideOf(text: string): readonly [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new CommandFailed(
      `--set \`${text}\` must be path=value, such as --set limits.llm_daily_usd=2`,
      exitCode.usage,
    );
  return [text.slice(0, at), valueOf(text.slice(at + 1))];
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}
