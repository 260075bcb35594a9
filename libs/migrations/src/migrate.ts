import { connectPostgres, type Sql } from '@countersign/postgres';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { ensureAppRole } from './app-role.ts';
import { readPrismaFolder, type PrismaFolder } from './prisma-folder.ts';
import { withSchemaEngine } from './schema-engine.ts';

interface MigrateOptions {
  /** The password the app role is to have from now on; left out, the role is made without a login, or left as it is. */
  readonly appPassword?: string;
  readonly folder?: PrismaFolder;
}

export interface MigrationStatus {
  /** Names of migrations that this installation has and the database has not. */
  readonly pending: readonly string[];
  /** Applied to the database, and since changed in the folder: the history no longer says what was done. */
  readonly edited: readonly string[];
  /** Applied to the database by another, probably newer, installation. */
  readonly unknown: readonly string[];
}

/**
 * Brings the database to the state this installation needs: the app role, then every migration it lacks, in order.
 * Each runs in one transaction, so one that failed or was cut off left nothing behind and is simply run again.
 * Two at once take turns. Gives the names of what was applied.
 *
 * @throws MigrationFailed with what Postgres said; earlier migrations stay applied
 */
export async function migrate(adminUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const folder = options.folder ?? (await readPrismaFolder());
  return takingTurns(adminUrl, async (sql) => {
    await ensureAppRole(sql, options.appPassword);
    return withSchemaEngine(adminUrl, folder, async (engine) => {
      const { failedMigrationNames } = await diagnose(engine, folder);
      for (const migrationName of failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: listOf(folder),
        filters: none(),
      });
      return appliedMigrationNames;
    });
  });
}

/** Compares the database's history with this installation's, changing nothing. */
export async function migrationStatus(adminUrl: string, folder?: PrismaFolder): Promise<MigrationStatus> {
  const known = folder ?? (await readPrismaFolder());
  const found = await withSchemaEngine(adminUrl, known, (engine) => diagnose(engine, known));
  const { history, failedMigrationNames: failed, editedMigrationNames: edited } = found;
  const behind = history && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [];
  const unknown = history && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [];
  const pending = found.hasMigrationsTable
    ? [...new Set([...failed, ...behind])]
    : known.migrations.map(({ name }) => name);
  return { pending: pending.sort(), edited, unknown };
}

function diagnose(engine: SchemaEngine, folder: PrismaFolder) {
  return engine.diagnoseMigrationHistory({
    migrationsList: listOf(folder),
    optInToShadowDatabase: false,
    filters: none(),
  });
}

/**
 * What no other migration of this database may run beside; the number is ours alone and means nothing. The engine has
 * a lock too, and gives up after ten seconds: the second of two replicas would fail during a long first migration.
 */
const MIGRATION_LOCK = 4_268_111_964;
const PATIENCE_MS = 120_000;

async function takingTurns<Result>(adminUrl: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const sql = connectPostgres(adminUrl, {
    connections: 1,
    applicationName: 'countersign migrate',
    // Waiting for the lock is a statement that runs, and holding it is a session that does nothing.
    limits: { lockTimeoutMs: PATIENCE_MS, statementTimeoutMs: PATIENCE_MS, idleInTransactionTimeoutMs: PATIENCE_MS },
  });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`;
    return await work(sql);
  } finally {
    // The lock is the session's, so it goes with it, a crash of this process included.
    await sql.end({ timeout: 5 });
  }
}

function listOf({ root, migrations }: PrismaFolder) {
  return {
    baseDir: `${root}/migrations`,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
    })),
  };
}

/** The engine takes its arguments apart, so each call gets its own. */
function none() {
  return { externalTables: [], externalEnums: [] };
}
