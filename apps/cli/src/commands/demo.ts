import path from 'node:path';
import { Command } from 'commander';
import { environment } from '../config.ts';
import { tell } from '../demo/tell.ts';
import { operatorAccess } from '../replay/operator-access.ts';

interface Options {
  readonly organization: string;
  readonly url?: string;
  readonly token?: string;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Let a few agents act against a running system and say what happens: allowed, blocked, asked, out of budget.',
    )
    .option('--organization <organization>', 'where they act', 'demo')
    .option('--url <url>', 'of the api (default: what operator.json says)')
    .option('--token <token>', 'the operator token (default: what operator.json says)')
    .addHelpText(
      'after',
      '\nTelling it again tells the same story: each telling is a new run.\n\nExample:\n  npm start      (in another terminal)\n  npm run demo',
    )
    .action(async ({ organization, url, token }: Options) => {
      const dataDirectory = path.resolve(environment['COUNTERSIGN_DATA_DIR'] ?? '.countersign');
      const operator = await operatorAccess({ url, token, dataDirectory });
      await tell(operator, { organization, say: (line) => console.log(line) });
    });
}
