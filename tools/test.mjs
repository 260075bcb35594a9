// `npm test`: every test, on an embedded Postgres of its own, and on what else this machine has. What it lacks is said;
// in CI, where nobody reads that, it fails. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Programs that no npm package carries, and what is not tested without them. */
const needs = [{ program: 'redis-server', what: 'queues on Redis' }];

const missing = needs.filter(({ program }) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error);
for (const { program, what } of missing) console.log(`not run: ${what} (${program} not found)`);

const isCi = !['', '0', 'false', undefined].includes(process.env.CI);
if (missing.length > 0 && isCi) {
  console.log('failed: CI runs every test');
  process.exitCode = 1;
} else {
  const root = path.resolve(import.meta.dirname, '..');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
