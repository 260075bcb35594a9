#!/usr/bin/env node
// Runs the tests that are named after the promises of the design (`I2: …`, in a title or in one around it) and prints
// one line a promise. A promise that this version makes and no test speaks for fails the run, as does a failed test.
//
//   npm run test:promises [-- --project spec]     what follows `--` goes to vitest
//   npm run test:promises -- --results FILE       judges what a run of every test wrote with --reporter=json
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** I8 (read models) comes with what it promises about. */
const PROMISES = {
  I1: 'Recorded before answered',
  I2: 'Never over a cap',
  I3: 'Fail closed',
  I4: 'Agents stay agents',
  I5: 'An approval covers one action',
  I6: 'A stop is immediate',
  I7: 'Tenants are apart',
  I9: 'The ledger cannot be quietly changed',
  I10: 'Asking twice is asking once',
  I11: 'Money is integer',
  I12: 'Decisions can be re-decided',
  I13: 'Our secrets stay secret',
  I14: 'One clock',
};

const root = path.resolve(import.meta.dirname, '../..');
const [flag, given, ...rest] = process.argv.slice(2);
process.exitCode = report(flag === '--results' && rest.length === 0 ? readResults(given) : runTests()) ? 0 : 1;

/** Runs the tests that speak for a promise, and no others. */
function runTests() {
  const folder = mkdtempSync(path.join(tmpdir(), 'promises-'));
  const file = path.join(folder, 'results.json');
  try {
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const options = ['run', '-t', '(^|\\s)I\\d+: ', '--reporter=json', `--outputFile=${file}`, '--passWithNoTests'];
    spawnSync(process.execPath, [vitest, ...options, ...process.argv.slice(2)], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readResults(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResults(file) {
  return JSON.parse(readFileSync(file, 'utf8')).testResults;
}

/** Whether every promise is spoken for, and every test that speaks passed. */
function report(files) {
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'skipped' && status !== 'pending')
      .map((test) => ({ ...test, file: path.relative(root, name) })),
  );
  // A file that did not load has no tests, and would otherwise be missing without a word.
  const broken = files.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  for (const { name, message } of broken)
    console.log(`not run  ${path.relative(root, name)}: ${message?.split('\n')[0]}`);
  const kept = Object.entries(PROMISES).map(([id, words]) =>
    tell(
      id,
      words,
      tests.filter((test) => speaksFor(test, id)),
    ),
  );
  return broken.length === 0 && kept.every(Boolean);
}

function speaksFor({ title, ancestorTitles }, id) {
  return [...ancestorTitles, title].some((text) => text.startsWith(`${id}: `));
}

function tell(id, words, tests) {
  const failed = tests.filter(({ status }) => status !== 'passed');
  const passed = failed.length > 0 ? 'FAILED ' : 'passed ';
  const verdict = tests.length === 0 ? 'NO TEST' : passed;
  const files = [...new Set(tests.map(({ file }) => path.basename(file)))];
  console.log(
    `${verdict}  ${id} ${words}: ${tests.length - failed.length} of ${tests.length} passed (${files.join(', ') || 'nobody speaks for it'})`,
  );
  for (const { file, fullName } of failed) console.log(`           failed: ${fullName} (${file})`);
  return tests.length > 0 && failed.length === 0;
}
