import { readWire, refuse, wireBody } from '@countersign/http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** The console's longest query has a tenth of this. Above it, reading alone would keep a processor busy. */
const QUERY_CHARACTERS_MAX = 16_384;

const wire = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(QUERY_CHARACTERS_MAX)
    // The driver takes a syntax tree in JSON as well, which no limit on words would count. A query never begins so.
    .refine((query) => !/^\s*\{\s*"/.test(query), 'must be GraphQL'),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().max(256).nullish(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Reads the body as strictly as every other of ours, before the driver sees it. Queries come by POST: in an address
 * they would stand in logs, and any page could have a browser send them.
 *
 * @throws {ProblemAnswer} 400, 405, 415.
 */
export async function readGraphRequest(request: FastifyRequest): Promise<void> {
  if (request.method !== 'POST') throw refuse(405, 'graphql.post_only', 'Post only', 'send the query by POST, as JSON');
  if (typeof request.body !== 'string')
    throw refuse(415, 'request.unsupported_media_type', 'Unsupported media type', 'send JSON');
  const { operationName, variables, ...body } = readWire(wire, wireBody(request.body));
  request.body = { ...body, ...(operationName && { operationName }), ...(variables && { variables }) };
}
