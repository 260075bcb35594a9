import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { readConfig } from '@countersign/config';
import type { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { environment, InitConfig } from '../config.ts';
import { OperatorCredentials, operatorFile, readPrivate, writePrivate } from '../credentials.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { localCommand } from '../operator/operator-command.ts';

interface InitFlags {
  readonly url: string;
  readonly label: string;
  readonly print?: true;
  readonly json?: true;
}

export const initCommand = (): Command =>
  localCommand(
    'init',
    'Give yourself an operator token for a system with a database of its own (DATABASE_URL), kept in .countersign/operator.json (mode 600).\n`countersign start` with the embedded database does this by itself.',
    'DATABASE_URL=postgres://countersign_app:…@db/countersign countersign init --url https://countersign.example\ncountersign organization add acme',
  )
    .option('--url <url>', 'where the api answers', 'http://127.0.0.1:4000')
    .option('--label <name>', 'who it is for: recorded as the actor of everything done with it', 'operator')
    .option('--print', 'print the token instead of keeping it in a file')
    .action(async (flags: InitFlags) => {
      const { databaseUrl, dataDirectory } = readConfig('init', InitConfig, environment);
      const file = operatorFile(dataDirectory);
      if (!flags.print && (await readPrivate(file, OperatorCredentials)))
        throw new CommandFailed(`${file} exists: remove it first, or use --print for a further token`, exitCode.usage);

      const { token, tokenId, label } = await issue(databaseUrl, flags.label);
      if (flags.print) return printAnswer({ token, tokenId, label }, flags, (answer) => answer.token);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await writePrivate(file, { apiUrl: flags.url, operatorToken: token });
      printAnswer(
        { file, tokenId, label },
        flags,
        () => `kept an operator token in ${file}\nnext: countersign organization add NAME`,
      );
    });

async function issue(databaseUrl: string, label: string) {
  const { issueOperatorToken, openIdentityDatabase } = await import('@countersign/prisma');
  const identity = openIdentityDatabase(databaseUrl, { connections: 1 });
  try {
    return await issueOperatorToken(identity, label);
  } catch (error) {
    throw new CommandFailed(
      `no token could be made: ${reasonOf(error)}. Is DATABASE_URL right, and \`countersign migrate\` done?`,
      exitCode.unreachable,
    );
  } finally {
    await identity.$disconnect();
  }
}

/** The last line of what Prisma says is what happened; those before it quote our own code. */
const reasonOf = (error: unknown) =>
  error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
