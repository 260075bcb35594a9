// The architecture document: what each kind of project may use, which contexts may read which, and what a pure library
// may not touch. Tags stand in each project's package.json; `tools/lint.mjs` refuses a project without them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import nx from '@nx/eslint-plugin';
import node from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

/** What each kind of project may use. The kinds are the architecture. */
export const kinds = {
  /** What every decider needs, and nothing else. */
  kernel: [],
  /** Pure: facts in, decisions out. Runs anywhere, the CLI and an auditor's machine included. */
  domain: ['kernel', 'domain'],
  /** One technical concern each: Postgres, HTTP, queues, settings. Knows no context. */
  platform: ['kernel', 'domain', 'platform'],
  /** Hosts the ledger: the one server library that others build on. */
  store: ['kernel', 'domain', 'platform'],
  /** What the surfaces for people share: reads, commands as they arrive, words for refusals. Opens no door itself. */
  surface: ['kernel', 'domain', 'platform', 'store'],
  /** Hosts a context. Never imports another one: what it must know of it is a port in the owner's domain library. */
  server: ['kernel', 'domain', 'platform', 'store', 'surface'],
  /** Published: it runs in other people's programs, on the platform's `fetch` alone. */
  sdk: [],
  /** Test kits, the black-box tests and the bench. */
  testing: ['kernel', 'domain', 'platform', 'testing'],
  /** Composes. Nothing imports an app. */
  app: ['kernel', 'domain', 'platform', 'store', 'surface', 'server', 'sdk'],
};

/** Which contexts may read which, in an order that has no cycles. Adding a word here is a design decision. */
export const reads = {
  ledger: [],
  identity: [],
  budgets: [],
  stops: ['identity'],
  agents: ['identity', 'stops'],
  channels: ['identity'],
  policy: ['identity', 'agents'],
  approvals: ['identity', 'budgets', 'policy'],
  decisions: ['ledger', 'identity', 'budgets', 'stops', 'agents', 'channels', 'policy', 'approvals'],
  notices: ['identity', 'budgets', 'stops', 'agents', 'channels', 'policy', 'approvals', 'decisions', 'ledger'],
  surface: ['ledger', 'identity', 'budgets', 'stops', 'agents', 'channels', 'policy', 'approvals', 'decisions'],
  operator: [
    'ledger',
    'identity',
    'budgets',
    'stops',
    'agents',
    'channels',
    'policy',
    'approvals',
    'decisions',
    'surface',
  ],
  graphql: [
    'ledger',
    'identity',
    'budgets',
    'stops',
    'agents',
    'channels',
    'policy',
    'approvals',
    'decisions',
    'surface',
  ],
  sdk: [],
};

/** What else exists beside the contexts. `shared` libraries know no context; the others are free to compose. */
export const otherScopes = ['shared', 'api', 'worker', 'cli', 'reference', 'api-e2e', 'bench'];

/** The packages a pure library may use beside zod. Each was read for clocks, chance and I/O before it came here. */
const purePackages = {
  json: ['canonicalize'],
  policy: ['yaml', '@marcbachmann/cel-js', '@bufbuild/re2'],
  identity: ['temporal-polyfill'],
  budgets: ['temporal-polyfill', '@pydantic/genai-prices'],
};

/**
 * Specs of the libraries that the test kit stands on use the test kit. Their sources do not, so nothing runs in a
 * circle; the graph, which does not tell specs from sources, sees one.
 */
const circlesThroughSpecs = [
  ['@countersign/postgres', '@countersign/testing'],
  ['@countersign/migrations', '@countersign/testing'],
];

/** Every project with its folder and its tags, read where Nx reads them. */
export const projects = ['apps', 'libs'].flatMap(projectsIn);

function projectsIn(kind) {
  const roots = readdirSync(path.join(import.meta.dirname, kind)).map((folder) => `${kind}/${folder}`);
  return roots
    .filter((root) => existsSync(manifestOf(root)))
    .map((root) => {
      const { name, nx: settings } = JSON.parse(readFileSync(manifestOf(root), 'utf8'));
      return { name, root, tags: settings?.tags ?? [] };
    });
}

function manifestOf(root) {
  return path.join(import.meta.dirname, root, 'package.json');
}

const rootsOf = (kind) => projects.filter(({ tags }) => tags.includes(`type:${kind}`)).map(({ root }) => root);
const pure = [...rootsOf('kernel'), ...rootsOf('domain')];
const pureSources = pure.map((root) => `${root}/src/**/*.ts`);
const specs = ['**/*.spec.ts', '**/*.contract.ts', '**/*.mother.ts', '**/*.fixture.ts'];

const tagged = (prefix, names) => names.map((name) => `${prefix}:${name}`);
const layers = (alsoFor) =>
  Object.entries(kinds).map(([kind, uses]) => ({
    sourceTag: `type:${kind}`,
    onlyDependOnLibsWithTags: tagged('type', [...uses, ...alsoFor]),
  }));
const contexts = [
  ...Object.entries(reads).map(([context, others]) => ({
    sourceTag: `scope:${context}`,
    onlyDependOnLibsWithTags: tagged('scope', [context, ...others, 'shared']),
  })),
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
];

const boundaries = (alsoFor = [], more = {}) => [
  'error',
  {
    // Generated code and what generates it belong to no project, and nothing else may.
    allow: ['/prisma/generated/', '/prisma/generate.mjs$'],
    // The CLI loads what a command needs when it needs it; other commands may import the same statically.
    checkDynamicDependenciesExceptions: ['.*'],
    ignoredCircularDependencies: circlesThroughSpecs,
    depConstraints: [...layers(alsoFor), ...contexts],
    ...more,
  },
];

const size = {
  // A switch counts once: one over a closed set reads as a table, and the style asks for it.
  complexity: ['error', { max: 8, variant: 'modified' }],
  'max-depth': ['error', 3],
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
  'no-nested-ternary': 'error',
};

const shape = [
  { selector: 'ExportAllDeclaration', message: 'Export by name: an index says what a library offers.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
];
const namedOnly = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };

const cleanliness = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/ban-ts-comment': 'error',
  eqeqeq: 'error',
  'no-empty': 'error',
  'no-var': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
  'prefer-const': 'error',
};

/** What only a compiler can see. Costs about 15 seconds of a processor for the whole tree. */
const promises = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  // Conditions are the compiler's: it knows a promise that is always there, and `known ?? this.find()` is none.
  '@typescript-eslint/no-misused-promises': ['error', { checksConditionals: false }],
};

const purePackagesOf = (root) => ['zod', ...(purePackages[path.basename(root)] ?? [])];

/** A pure library has no I/O, no clock and no chance, so that what it decided can be decided again (I12). */
const purity = {
  'no-restricted-globals': [
    'error',
    ...['process', 'Buffer', 'fetch', 'crypto', 'performance'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Time arrives in the command.' },
    { object: 'Temporal', property: 'Now', message: 'Time arrives in the command.' },
    { object: 'Math', property: 'random', message: 'Chance arrives in the command.' },
  ],
  'no-restricted-syntax': [
    'error',
    ...shape,
    namedOnly,
    {
      selector: ":matches(NewExpression[arguments.length=0], CallExpression)[callee.name='Date']",
      message: 'Time arrives in the command.',
    },
    { selector: ':function[async=true]', message: 'A pure library waits for nothing.' },
  ],
};

const pureImports = (root) => ({
  files: [`${root}/src/**/*.ts`],
  ignores: specs,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: builtinModules.map((name) => ({ name, message: 'A pure library touches nothing of Node.' })),
        patterns: [
          { group: ['node:*'], message: 'A pure library touches nothing of Node.' },
          {
            regex: `^(?!\\.|node:|@countersign/|(${purePackagesOf(root).join('|')})(/|$))`,
            message: `${root} may use ${purePackagesOf(root).join(', ')} and libraries of ours.`,
          },
        ],
      },
    ],
  },
});

export default [
  {
    ignores: ['**/dist/**', 'dist.*/**', 'prisma/generated/**', '**/.nx/**', '**/.countersign/**', '**/coverage/**'],
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    languageOptions: { parser: tseslint.parser },
    // A rule that is in the way is changed here, where everyone sees it, or obeyed.
    linterOptions: { noInlineConfig: true },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin, n: node },
    rules: {
      ...size,
      ...cleanliness,
      '@nx/enforce-module-boundaries': boundaries(),
      'n/no-process-env': 'error',
      'no-restricted-syntax': ['error', ...shape, namedOnly],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: promises,
  },
  { files: pureSources, ignores: specs, rules: purity },
  ...pure.map(pureImports),
  {
    // Specs, and only specs, may also reach the test kits.
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': boundaries(['testing']),
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      'n/no-process-env': 'off',
    },
  },
  {
    // Examples import their library as its users do.
    files: ['libs/*/examples/**'],
    rules: { '@nx/enforce-module-boundaries': boundaries([], { allowCircularSelfDependency: true }) },
  },
  {
    // Settings enter here, checked; nowhere else does the environment decide anything.
    files: ['apps/*/src/config.ts', ...rootsOf('testing').map((root) => `${root}/**/*.ts`), '**/*.mjs'],
    rules: { 'n/no-process-env': 'off' },
  },
  {
    // Tools find these by their default export.
    files: ['*.config.ts', '*.config.mjs', '**/*.setup.ts'],
    rules: { 'no-restricted-syntax': ['error', ...shape] },
  },
];
