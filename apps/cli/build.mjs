// Builds every app into dist/<app>/main.js: our own sources bundled, packages left in node_modules.
// SWC compiles each file, because esbuild alone emits no decorator metadata and NestJS would inject undefined.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { build } from 'esbuild';

export const root = path.resolve(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');

/** Written last, so that a build that was cut short is not mistaken for one that finished. */
export const stamp = path.join(dist, 'built');

const compiledBySwc = {
  name: 'swc',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const { code } = await transformFile(file, {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

const packagesStayOutside = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@countersign/') ? undefined : { path: name, external: true },
    );
  },
};

/** Builds beside `dist` and then moves it there, so a running process never meets half a build. */
export async function buildApps() {
  await generatePrismaClient();
  const apps = readdirSync(path.join(root, 'apps')).filter((app) => existsSync(entryOf(app)));
  const draft = path.join(root, `dist.${process.pid}`);
  try {
    await Promise.all(apps.map((app) => bundle(app, path.join(draft, app))));
    await mkdir(dist, { recursive: true });
    for (const app of apps) {
      await rm(path.join(dist, app), { recursive: true, force: true });
      await rename(path.join(draft, app), path.join(dist, app));
    }
    await writeFile(stamp, `${new Date().toISOString()}\n`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return apps;
}

const entryOf = (app) => path.join(root, 'apps', app, 'src', 'main.ts');

/** Builds one app into a folder of its own. */
export async function bundle(app, outdir) {
  await build({
    entryPoints: { main: entryOf(app) },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    plugins: [packagesStayOutside, compiledBySwc],
    logLevel: 'warning',
  });
}

async function generatePrismaClient() {
  const { generate } = await import('../../prisma/generate.mjs');
  generate({ force: false });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  const apps = await buildApps();
  console.log(`built ${apps.join(', ')} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
