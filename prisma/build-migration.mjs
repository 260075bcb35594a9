// Composes the first migration from prisma/models and prisma/sql, and writes prisma/schema.snapshot.sql from a database
// that every migration was applied to. After a release the first migration is history: pass --snapshot to leave it alone.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import '@swc-node/register/esm-register';

const { startEmbeddedPostgres, temporaryDataDirectory } = await import('../libs/embedded/src/index.ts');
const { composeFirstMigration, dumpSchemas, migrate } = await import('../libs/migrations/src/index.ts');

const FIRST = '20261120000000_core';
const folder = import.meta.dirname;
const directory = await temporaryDataDirectory();
const server = await startEmbeddedPostgres(directory);
try {
  if (!process.argv.includes('--snapshot')) await writeFirst();
  await migrate(server.adminUrl);
  await writeFile(path.join(folder, 'schema.snapshot.sql'), await dumpSchemas(server.adminUrl));
  console.log('wrote prisma/schema.snapshot.sql');
} finally {
  await server.stop();
  await rm(directory.path, { recursive: true, force: true });
}

async function writeFirst() {
  const script = await composeFirstMigration(server.adminUrl);
  await mkdir(path.join(folder, 'migrations', FIRST), { recursive: true });
  await writeFile(path.join(folder, 'migrations', FIRST, 'migration.sql'), script);
  console.log(`wrote prisma/migrations/${FIRST}/migration.sql`);
}
