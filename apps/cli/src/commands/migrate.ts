import { readConfig } from '@countersign/config';
import { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { environment, MigrateConfig } from '../config.ts';

interface MigrateFlags {
  readonly status?: true;
  readonly checkDrift?: true;
}

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Bring the database of DATABASE_ADMIN_URL to the state this version needs. Safe to repeat.')
    .option('--status', 'only say which migrations are missing; exit code 1 when any is')
    .option('--check-drift', 'only say in what the database differs from this version; exit code 1 when in anything')
    .addHelpText('after', help)
    .action(async (flags: MigrateFlags) => {
      const config = readConfig('migrate', MigrateConfig, environment);
      if (flags.status) await printStatus(config);
      else if (flags.checkDrift) await printDrift(config);
      else await apply(config);
    });
}

const help = `
Makes the role countersign_app, which serves and owns nothing. When DATABASE_URL names that role, its password is set.

  DATABASE_ADMIN_URL=postgres://owner:…@db/countersign DATABASE_URL=postgres://countersign_app:…@db/countersign countersign migrate`;

async function apply({ adminUrl, databaseUrl }: MigrateConfig): Promise<void> {
  const { migrateEverything } = await import('../start/migrate-everything.ts');
  const applied = await migrateEverything(adminUrl, appPasswordOf(databaseUrl));
  console.log(applied.length === 0 ? 'nothing to apply' : applied.map((name) => `applied ${name}`).join('\n'));
}

async function printStatus({ adminUrl }: MigrateConfig): Promise<void> {
  const { migrationStatus } = await import('@countersign/migrations');
  const { pending, edited, unknown } = await migrationStatus(adminUrl);
  const lines = [
    ...pending.map((name) => `missing  ${name}`),
    ...edited.map((name) => `changed after it was applied  ${name}`),
    ...unknown.map((name) => `not part of this version  ${name}`),
  ];
  console.log(lines.length === 0 ? 'up to date' : lines.join('\n'));
  if (lines.length > 0) process.exitCode = 1;
}

async function printDrift({ adminUrl }: MigrateConfig): Promise<void> {
  const { drift } = await import('@countersign/migrations');
  const differences = await drift(adminUrl);
  console.log(differences.length === 0 ? 'no drift' : differences.join('\n'));
  if (differences.length > 0) process.exitCode = 1;
}

/** @throws CommandFailed when DATABASE_URL has no password to give */
function appPasswordOf(databaseUrl: string | undefined): string | undefined {
  if (databaseUrl === undefined) return undefined;
  const { username, password } = new URL(databaseUrl);
  if (username !== 'countersign_app') return undefined;
  if (password === '')
    throw new CommandFailed('DATABASE_URL holds no password; postgres://countersign_app:PASSWORD@…', 2);
  return decodeURIComponent(password);
}
