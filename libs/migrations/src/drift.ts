import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { migrationStatus } from './migrate.ts';
import { readPrismaFolder, type PrismaFolder } from './prisma-folder.ts';
import { withSchemaEngine } from './schema-engine.ts';
import { dumpSchemas } from './schema-dump.ts';

/**
 * Everything in which the database differs from what this installation says it should be; empty when nothing does.
 * Three looks, for none sees all: the history of migrations, Prisma's models, and the whole catalog of our schemas
 * against `prisma/schema.snapshot.sql`.
 */
export async function drift(adminUrl: string, folder?: PrismaFolder): Promise<string[]> {
  const known = folder ?? (await readPrismaFolder());
  const [history, models, catalog] = [
    await historyDrift(adminUrl, known),
    await modelDrift(adminUrl, known),
    await catalogDrift(adminUrl, known),
  ];
  return [...history, ...models, ...catalog];
}

async function historyDrift(adminUrl: string, folder: PrismaFolder): Promise<string[]> {
  const { pending, edited, unknown } = await migrationStatus(adminUrl, folder);
  return [
    ...pending.map((name) => `migration ${name} is not applied; run countersign migrate`),
    ...edited.map((name) => `migration ${name} was changed after it was applied`),
    ...unknown.map((name) => `migration ${name} is applied and not part of this installation`),
  ];
}

async function modelDrift(adminUrl: string, folder: PrismaFolder): Promise<string[]> {
  const models = () => folder.models.map((file) => ({ ...file }));
  const { stdout } = await withSchemaEngine(adminUrl, folder, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files: models(), configDir: folder.root },
      to: { tag: 'schemaDatamodel', files: models() },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  const statements = (stdout ?? '').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('--'));
  return statements.map((line) => `prisma/models would still change: ${line.trim()}`);
}

async function catalogDrift(adminUrl: string, folder: PrismaFolder): Promise<string[]> {
  const wanted = paragraphs(await readFile(path.join(folder.root, 'schema.snapshot.sql'), 'utf8'));
  const found = paragraphs(await dumpSchemas(adminUrl));
  const without = (some: Set<string>, others: Set<string>): string[] => [...some].filter((text) => !others.has(text));
  return [
    ...without(wanted, found).map((text) => `the database lacks: ${text}`),
    ...without(found, wanted).map((text) => `prisma/schema.snapshot.sql lacks: ${text}`),
  ];
}

function paragraphs(text: string): Set<string> {
  return new Set(
    text
      .split('\n\n')
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== ''),
  );
}
