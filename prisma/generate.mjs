// Writes the Prisma client to prisma/generated, without a download: generating needs no engine, but Prisma's command
// line insists on knowing where one would be, and is satisfied by any program that exists.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = import.meta.dirname;

/** Generates when forced, or when a model is newer than what was generated from it. */
export function generate({ force }) {
  if (!force && isCurrent()) return;
  const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'generate'], {
    cwd: path.dirname(folder),
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`prisma generate failed\n${stdout}${stderr}`);
}

function isCurrent() {
  const generated = path.join(folder, 'generated', 'client.ts');
  if (!existsSync(generated)) return false;
  const models = readdirSync(path.join(folder, 'models')).map((name) => path.join(folder, 'models', name));
  const changedAt = Math.max(...[path.join(folder, 'schema.prisma'), ...models].map((file) => statSync(file).mtimeMs));
  return statSync(generated).mtimeMs >= changedAt;
}

// After an install; one that only writes the lock file has nothing to generate with, and a build generates anyway.
const isInstalled = existsSync(path.join(folder, '..', 'node_modules', 'prisma'));
if (isInstalled && process.argv[1] === fileURLToPath(import.meta.url)) generate({ force: true });
