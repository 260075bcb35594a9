import { Command } from 'commander';
import { readConfig } from '@countersign/config';
import { ConnectionConfig, environment } from '../config.ts';
import { peopleFile as peopleFileOf } from '../credentials.ts';
import { tell } from '../demo/tell.ts';
import { connectClient, type ConnectionFlags } from '../operator/connect.ts';
import { withServer } from '../operator/operator-command.ts';

export function demoCommand(): Command {
  const command = new Command('demo')
    .description(
      'Let a few agents act against a running system and say what happens: allowed, blocked, asked, out of budget.',
    )
    .option('--organization <organization>', 'where they act', 'demo');
  return withServer(command)
    .addHelpText(
      'after',
      '\nTelling it again tells the same story: each telling is a new run.\n\nExample:\n  npm start      (in another terminal)\n  npm run demo',
    )
    .action(async ({ organization, ...flags }: ConnectionFlags & { organization: string }) => {
      const { dataDirectory } = readConfig('connection', ConnectionConfig, environment);
      const peopleFile = peopleFileOf(dataDirectory);
      await tell(await connectClient(flags), { organization, peopleFile, say: (line) => console.log(line) });
    });
}
