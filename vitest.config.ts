import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const decorators = swc.vite({
  swcrc: false,
  tsconfigFile: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
});

/** Through Vite `graphql` would be loaded a second time, and its types be of "another module or realm". */
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

/** A suffix says what a test needs: nothing, a Postgres, or the built processes. */
const project = (name: string, include: string[], settings: object = {}) => ({
  plugins: [decorators],
  resolve,
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**'], ...settings },
});

export default defineConfig({
  test: {
    projects: [
      {
        ...project('spec', ['{apps,libs}/**/*.spec.ts'], {}),
        test: {
          name: 'spec',
          include: ['{apps,libs}/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.int.spec.ts', '**/*.e2e.spec.ts'],
        },
      },
      project('int', ['{apps,libs}/**/*.int.spec.ts'], {
        globalSetup: ['libs/testing/src/postgres.setup.ts'],
        testTimeout: 180_000,
        hookTimeout: 120_000,
      }),
      project('e2e', ['apps/**/*.e2e.spec.ts'], {
        globalSetup: ['apps/api-e2e/src/build.setup.ts'],
        testTimeout: 600_000,
        hookTimeout: 120_000,
        fileParallelism: false,
        // After the others: what is killed and flooded here should not be slowed down by them, nor they by it.
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});
