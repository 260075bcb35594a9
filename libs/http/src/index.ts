export { answerClientError, answerConnect } from './client-error.ts';
export {
  invalidRequest,
  notFound,
  problemBody,
  ProblemAnswer,
  readWire,
  refuse,
  type FieldProblem,
  type Problem,
} from './problem.ts';
export { fieldCodes, httpProblems, problemsFrom, type ProblemCode, type ProblemCodes } from './problem-codes.ts';
export { ProblemFilter } from './problem.filter.ts';
export { wireBody } from './wire-body.ts';
