import { formatPath, type JsonPath } from '@countersign/json';
import type { z } from 'zod';

/** One field that is wrong: which, the permanent code, and what would be right. */
export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly [more: string]: unknown;
}

/** An answer that is not what was asked for, as RFC 9457 writes it. `code` is permanent; words may change. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  /** Whatever else belongs to this code, such as the decision that an answered request had. */
  readonly [more: string]: unknown;
}

/** Ends a request with a problem. Thrown at the edge only; deciders return their rejections. */
export class ProblemAnswer extends Error {
  override readonly name = 'ProblemAnswer';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The media type's body: `type` is a page about the code, so that a reader of a log can look it up. */
export const problemBody = (problem: Problem) => ({
  type: `https://countersign.dev/problems/${problem.code}`,
  ...problem,
});

export const refuse = (status: number, code: string, title: string, detail: string) =>
  new ProblemAnswer({ status, code, title, detail });

export const notFound = (code: string, detail: string) =>
  new ProblemAnswer({ status: 404, code, title: 'Not found', detail });

export function invalidRequest(errors: readonly FieldProblem[]): ProblemAnswer {
  const [first] = errors;
  const detail = first ? `\`${first.field}\` ${first.message}` : 'the request cannot be read';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ProblemAnswer({
    status: 400,
    code: 'request.invalid',
    title: 'Invalid request',
    detail: detail + more,
    errors,
  });
}

/** Reads what arrived by its schema, or names every field that is wrong at once. @throws {ProblemAnswer} 400. */
export function readWire<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw invalidRequest(read.error.issues.flatMap(fieldProblems));
}

function fieldProblems(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const field = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: pathOf([...issue.path, key]),
      code: 'field.unknown',
      message: 'is not a field of this request: remove it or correct its name',
    }));
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined'))
    return [{ field, code: 'field.missing', message: `is missing: must be ${issue.expected}` }];
  return [{ field, code: codeOf(issue) ?? 'field.invalid', message: wordsOf(issue.message) }];
}

/** A check of ours says by itself which code it stands for. */
function codeOf(issue: z.core.$ZodIssue): string | null {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof code === 'string' ? code : null;
}

/** Our own messages begin with a verb; the schema library's are sentences of their own. */
const wordsOf = (message: string) => (/^[A-Z]/.test(message) ? `is invalid: ${message}` : message);

const pathOf = (path: readonly PropertyKey[]) => (path.length === 0 ? '(body)' : formatPath(path as JsonPath));
