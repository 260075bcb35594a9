import type { CaseRun } from '@countersign/policy';
import { problemLine } from '../policy/policy-file.ts';
import type { Paint } from './paint.ts';

/** Failures first by file and line, so that an editor jumps there; then the count. */
export function caseWords({ file, problems, results }: CaseRun & { readonly file: string }, paint: Paint): string {
  const failed = results.filter(({ passed }) => !passed);
  const passed = results.length - failed.length;
  const lines = failed.map(
    ({ name, line, failures }) =>
      `${file}:${line}:1 ${paint('red', 'failed')} ${name}\n${failures.map((failure) => `    ${failure}`).join('\n')}`,
  );
  return [
    ...problems.map((problem) => problemLine(file, problem)),
    ...lines,
    `${file}: ${paint(failed.length + problems.length === 0 ? 'green' : 'red', `${passed} passed, ${failed.length} failed`)}`,
  ].join('\n');
}
