const boundaries = '@nx/enforce-module-boundaries';

/** Sources that must not pass: `tools/lint.mjs` lints each as if it stood in `file`, and fails when `rule` finds nothing. */
export const canaries = [
  {
    file: 'libs/kernel/src/canary.ts',
    source: `import { connectPostgres } from '@countersign/postgres';\nexport const lost = connectPostgres;\n`,
    rule: boundaries,
    why: 'the kernel uses no library of ours',
  },
  {
    file: 'libs/budgets/src/canary.ts',
    source: `import { connectPostgres } from '@countersign/postgres';\nexport const lost = connectPostgres;\n`,
    rule: boundaries,
    why: 'a domain library uses no platform',
  },
  {
    file: 'libs/ledger/src/canary.ts',
    source: `import { decideAgent } from '@countersign/agents';\nexport const lost = decideAgent;\n`,
    rule: boundaries,
    why: 'the ledger reads no other context',
  },
  {
    file: 'libs/operator-server/src/canary.ts',
    source: `import { DecisionsModule } from '@countersign/decisions-server';\nexport const lost = DecisionsModule;\n`,
    rule: boundaries,
    why: 'a server library imports no other server library',
  },
  {
    file: 'libs/sdk/src/canary.ts',
    source: `import { parseAmount } from '@countersign/kernel';\nexport const lost = parseAmount;\n`,
    rule: boundaries,
    why: 'the client has no dependency',
  },
  {
    file: 'libs/agents/src/canary.ts',
    source: `import { openDatabase } from '@countersign/testing';\nexport const lost = openDatabase;\n`,
    rule: boundaries,
    why: 'only specs use the test kit',
  },
  {
    file: 'libs/policy/src/canary.ts',
    source: `import { readFileSync } from 'node:fs';\nexport const lost = readFileSync;\n`,
    rule: 'no-restricted-imports',
    why: 'a pure library does no input or output',
  },
  {
    file: 'libs/agents/src/canary.ts',
    source: `import { parse } from 'yaml';\nexport const lost = parse;\n`,
    rule: 'no-restricted-imports',
    why: 'only policies may use yaml',
  },
  ...['Date.now()', 'Math.random()'].map((call) => ({
    file: 'libs/decisions/src/canary.ts',
    source: `export const lost = ${call};\n`,
    rule: 'no-restricted-properties',
    why: 'time and chance arrive in the command',
  })),
  {
    file: 'libs/decisions/src/canary.ts',
    source: `export const lost = new Date();\n`,
    rule: 'no-restricted-syntax',
    why: 'time arrives in the command',
  },
  {
    file: 'libs/decisions/src/canary.ts',
    source: `export const lost = process.pid;\n`,
    rule: 'no-restricted-globals',
    why: 'a pure library knows no process',
  },
  {
    file: 'libs/http/src/canary.ts',
    source: `export const lost = process.env['PORT'];\n`,
    rule: 'n/no-process-env',
    why: 'only the config of an app reads the environment',
  },
  {
    file: 'libs/http/src/canary.ts',
    source: `// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const lost = (value: any) => value.x;\n`,
    rule: '@typescript-eslint/no-explicit-any',
    why: 'a comment switches off no rule',
  },
];
