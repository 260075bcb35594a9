import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What the folder `prisma` holds: the models that Prisma manages, and the history of migrations. */
export interface PrismaFolder {
  readonly root: string;
  readonly models: readonly SchemaFile[];
  /** Oldest first: names start with a timestamp. */
  readonly migrations: readonly Migration[];
}

interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

interface Migration {
  readonly name: string;
  readonly script: string;
}

/** Reads the folder; by default the one of this installation. */
export async function readPrismaFolder(root: string = installedFolder()): Promise<PrismaFolder> {
  const models = path.join(root, 'models');
  const files = [
    path.join(root, 'schema.prisma'),
    ...(await namesIn(models)).filter((name) => name.endsWith('.prisma')).map((name) => path.join(models, name)),
  ];
  return {
    root,
    models: await Promise.all(files.map(async (file) => ({ path: file, content: await readFile(file, 'utf8') }))),
    migrations: await readMigrations(path.join(root, 'migrations')),
  };
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await namesIn(folder)).filter((name) => /^\d{14}_/.test(name));
  const script = (name: string): Promise<string> => readFile(path.join(folder, name, 'migration.sql'), 'utf8');
  return Promise.all(names.map(async (name) => ({ name, script: await script(name) })));
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** Sources and bundles lie at different depths below the folder that holds `prisma`. */
function installedFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'prisma', 'schema.prisma'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`no folder above ${import.meta.dirname} holds prisma/schema.prisma`);
    folder = parent;
  }
  return path.join(folder, 'prisma');
}
