#!/usr/bin/env node
// Runs the built CLI, building first when there is no build or a source is newer than it. An installation without
// sources (a container image) has nothing to compare, and runs what it has.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const built = path.join(root, 'dist', 'built');
const main = path.join(root, 'dist', 'cli', 'main.js');

if (!existsSync(main) || isOutdated()) {
  if (process.stderr.isTTY) process.stderr.write('building …\n');
  // In a process of its own: a compiler's memory and helpers should not stay with a start that runs for weeks.
  const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, '..', 'build.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}
await import(main);

/** A few hundred looks at the file system, about 10 ms. */
function isOutdated() {
  if (!existsSync(path.join(root, 'apps', 'cli', 'src'))) return false;
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  const folders = ['apps', 'libs'].flatMap((kind) =>
    childrenOf(path.join(root, kind)).map((folder) => path.join(folder, 'src')),
  );
  return [...folders, path.join(root, 'prisma', 'models')].some((folder) => isNewer(folder, builtAt));
}

function isNewer(entry, builtAt) {
  const stat = statSync(entry, { throwIfNoEntry: false });
  if (stat === undefined || entry.endsWith('.spec.ts')) return false;
  // A folder changes when a file in it comes or goes.
  if (stat.mtimeMs > builtAt) return true;
  return stat.isDirectory() && childrenOf(entry).some((child) => isNewer(child, builtAt));
}

function childrenOf(folder) {
  return readdirSync(folder).map((name) => path.join(folder, name));
}
