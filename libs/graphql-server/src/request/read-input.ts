import { readWire, wireBody } from '@countersign/http';
import type { z } from 'zod';

/**
 * Reads what a mutation was given as strictly as the body of every other request: what stands in the query itself was
 * not, and GraphQL allows in it what no column of text can hold. Fields of value null, at its top, count as left out.
 *
 * @throws {ProblemAnswer} 400 naming each field that cannot be read.
 */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: object): z.infer<Schema> {
  return readWire(schema, wireBody(JSON.stringify(withoutNulls(input))));
}

export const withoutNulls = (input: object): object =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
