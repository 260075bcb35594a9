export { composeFirstMigration } from './compose.ts';
export { drift } from './drift.ts';
export { migrate, migrationStatus, type MigrationStatus } from './migrate.ts';
export { readPrismaFolder, type PrismaFolder } from './prisma-folder.ts';
export { MigrationFailed } from './schema-engine.ts';
export { dumpSchemas } from './schema-dump.ts';
