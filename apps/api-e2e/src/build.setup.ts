import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Real processes run what is built; a run of the tests must never meet an old build, or none. */
export function setup(): void {
  const root = path.resolve(import.meta.dirname, '../../..');
  execFileSync(process.execPath, [path.join(root, 'apps', 'cli', 'build.mjs')], { cwd: root, stdio: 'inherit' });
}
