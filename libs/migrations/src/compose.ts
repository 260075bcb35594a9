import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readPrismaFolder, type PrismaFolder } from './prisma-folder.ts';
import { withSchemaEngine } from './schema-engine.ts';

/** What must exist before what. Inside a kind, files go by context and name. */
const kinds = ['schema', 'tables', 'functions', 'triggers', 'policies', 'privileges'];

/**
 * The first migration: what Prisma makes of its models, then every file of `prisma/sql`, by kind.
 * Only the first is composed; a later one is written by hand and held against `prisma/schema.snapshot.sql`.
 * The database is asked for nothing but its version.
 */
export async function composeFirstMigration(adminUrl: string, folder?: PrismaFolder): Promise<string> {
  const known = folder ?? (await readPrismaFolder());
  const models = await withSchemaEngine(adminUrl, known, (engine) =>
    engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: known.models.map((file) => ({ ...file })) },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  const written = await handWritten(path.join(known.root, 'sql'));
  return [header, (models.stdout ?? '').trim(), ...written].join('\n\n').concat('\n');
}

const header =
  '-- Composed by prisma/build-migration.mjs from prisma/models and prisma/sql: change those, then run it again.';

async function handWritten(root: string): Promise<string[]> {
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.sql'));
  const strays = files.filter((file) => !kinds.includes(kindOf(file)));
  if (strays.length > 0) {
    throw new Error(
      `prisma/sql/${strays[0]}: expected <context>/schema.sql or <context>/<${kinds.slice(1).join('|')}>/<name>.sql`,
    );
  }
  const inOrder = files.sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return Promise.all(
    inOrder.map(
      async (file) => `-- ${file.replaceAll(path.sep, '/')}\n${(await readFile(path.join(root, file), 'utf8')).trim()}`,
    ),
  );
}

function kindOf(file: string): string {
  return path.basename(file.split(path.sep)[1] ?? '', '.sql');
}

function rankOf(file: string): number {
  return kinds.indexOf(kindOf(file));
}
