/** One thing wrong (or doubtful) in a policy's text. Lines and columns count from 1; `path` is like `budgets[0].cap`. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

export const hasErrors = (problems: readonly Problem[]) => problems.some(({ severity }) => severity === 'error');
