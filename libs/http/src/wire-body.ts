import { readJson } from '@countersign/json';
import { invalidRequest } from './problem.ts';

/**
 * The JSON of a request. An app that hands over the text has it read strictly (duplicate keys, numbers that do not
 * survive and the like are refused by path); one that parses by itself is taken at its word.
 *
 * @throws {ProblemAnswer} 400.
 */
export function wireBody(body: unknown): unknown {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return body ?? {};
  const read = readJson(body.toString());
  if (read.ok) return read.value;
  const { code, path, message } = read.problem;
  throw invalidRequest([{ field: path === '' ? '(body)' : path, code, message }]);
}
