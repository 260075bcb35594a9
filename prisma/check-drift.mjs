// Migrates an empty, throwaway Postgres and says in what it then differs from prisma/models and
// prisma/schema.snapshot.sql. Exit code 1 when in anything.
import { rm } from 'node:fs/promises';
import '@swc-node/register/esm-register';

const { startEmbeddedPostgres, temporaryDataDirectory } = await import('../libs/embedded/src/index.ts');
const { drift, migrate } = await import('../libs/migrations/src/index.ts');

const directory = await temporaryDataDirectory();
const server = await startEmbeddedPostgres(directory);
try {
  await migrate(server.adminUrl);
  const differences = await drift(server.adminUrl);
  console.log(differences.length === 0 ? 'no drift' : differences.join('\n'));
  if (differences.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
  await rm(directory.path, { recursive: true, force: true });
}
