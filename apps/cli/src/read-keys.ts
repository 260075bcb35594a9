import { nodeCrypto } from '@countersign/crypto';
import { LedgerFormatError } from '@countersign/ledger';
import { parseVkey } from '@countersign/ledger/checkpoint';
import { CommandFailed } from './command-failed.ts';
import { exitCode } from './exit-code.ts';
import { readGiven } from './read-given.ts';

/** Keys of a log as `countersign ledger keys` prints them: one a line; empty lines and `#` comments are skipped. */
export async function readKeys(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return [];
  const lines = (await readGiven(file)).split('\n').map((line, index) => ({ key: line.trim(), number: index + 1 }));
  const given = lines.filter(({ key }) => key !== '' && !key.startsWith('#'));
  if (given.length === 0)
    throw new CommandFailed(
      `${file}: holds no key; one a line, as \`countersign ledger keys\` prints them`,
      exitCode.usage,
    );
  return given.map(({ key, number }) => checked(key, `${file}:${number}`));
}

function checked(key: string, place: string): string {
  try {
    parseVkey(nodeCrypto, key);
    return key;
  } catch (error) {
    if (!(error instanceof LedgerFormatError)) throw error;
    throw new CommandFailed(`${place}: ${error.message}`, exitCode.usage);
  }
}
