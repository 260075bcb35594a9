import { readConfig } from '@countersign/config';
import { Command } from 'commander';
import { environment, StartConfig } from '../config.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('Start everything: database, migrations, api, worker; on the first start a demo organization.')
    .addHelpText('after', help)
    .action(async () => {
      const config = readConfig('start', StartConfig, environment);
      const { start } = await import('../start/start.ts');
      await start(config);
    });
}

const help = `
Settings, from the environment:
  API_PORT, CONSOLE_PORT   where they listen (4000, 3000)
  COUNTERSIGN_DATA_DIR     the embedded database, keys and credentials (.countersign)
  DATABASE_URL             a Postgres of your own, role countersign_app; then no embedded one and no demo
  DATABASE_ADMIN_URL       its owner; set, migrations are applied at the start
  REDIS_URL                a Redis for the queues; without it they live in Postgres

Ctrl-C stops everything cleanly; twice, at once. What ends by itself is started again, after 1 to 30 seconds.

Exit codes: 0 stopped as asked; 1 could not start or go on; 2 a setting is wrong.`;
