import type { Problem, ProblemFilter } from '@countersign/http';
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';

interface Formatted {
  readonly statusCode: number;
  readonly response: { readonly data: ExecutionResult['data']; readonly errors: GraphQLFormattedError[] };
}

/**
 * Turns whatever went wrong into a code that is ours and words that are meant for the caller. By itself the driver
 * answers what was thrown as it is, a database's message included; of that only a number leaves, and the log has the
 * rest.
 */
export const errorsFormatter =
  (problems: ProblemFilter) =>
  ({ data, errors = [] }: ExecutionResult): Formatted => {
    const formatted = errors.map((error) => formattedOf(error, problems));
    // Once something was executed, the answer is one of GraphQL, whatever is missing in it.
    const isAnswer = data !== undefined && formatted.some(({ isMistake }) => !isMistake);
    const statusCode = isAnswer ? 200 : Math.max(...formatted.map(({ status }) => status));
    return { statusCode, response: { data: data ?? null, errors: formatted.flatMap(({ errors: each }) => each) } };
  };

interface Told {
  readonly status: number;
  /** Of the caller, in the query. */
  readonly isMistake: boolean;
  readonly errors: readonly GraphQLFormattedError[];
}

function formattedOf(error: GraphQLError, problems: ProblemFilter): Told {
  const mistakes = mistakesIn(error);
  if (mistakes) return { status: 400, isMistake: true, errors: mistakes.map(mistake) };
  const problem = problems.problemOf(error.originalError ?? error);
  return { status: problem.status, isMistake: false, errors: [told(error, problem)] };
}

/** What the query itself has wrong: told as graphql-js says it, for it speaks of the query and the schema only. */
function mistakesIn(error: GraphQLError): readonly GraphQLError[] | null {
  const { originalError, path } = error;
  // Nothing was thrown and no field is to blame: graphql-js could not begin.
  if (!originalError) return path ? null : [error];
  if (!isOfDriver(originalError)) return null;
  const { errors } = originalError as { errors?: unknown };
  return Array.isArray(errors) ? errors.map(asError) : [new GraphQLError(originalError.message)];
}

const isOfDriver = (error: Error) => 'code' in error && String(error.code).startsWith('MER_ERR');

const asError = (error: unknown) => (error instanceof GraphQLError ? error : new GraphQLError(String(error)));

const mistake = ({ message, locations, extensions }: GraphQLError): GraphQLFormattedError => ({
  message,
  ...(locations && { locations }),
  extensions: { code: typeof extensions['code'] === 'string' ? extensions['code'] : 'graphql.invalid' },
});

const told = ({ locations, path }: GraphQLError, { code, detail, errors }: Problem): GraphQLFormattedError => ({
  message: detail,
  ...(locations && { locations }),
  ...(path && { path }),
  extensions: { code, ...(errors && { errors }) },
});
