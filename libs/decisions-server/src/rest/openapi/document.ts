import { z } from 'zod';
import { examples } from './examples.ts';
import { operations, type Operation } from './operations.ts';
import { problemResponses } from './problems.ts';
import { componentSchemas, refTo, type AnswerSchema, type RequestSchema } from './schemas.ts';

/** The agents' surface as an OpenAPI 3.1 document, made of the schemas that judge requests and describe answers. */
export function openapiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign for agents',
      version: '1',
      summary: 'Ask before acting; report afterwards; check the record.',
      description:
        'A verdict is never an HTTP error, and an HTTP error is never a verdict. Unknown request fields are refused by name; clients ignore unknown answer fields, and refuse verdicts that they do not know. Every code is permanent; `docs/rejections.md` explains each.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Relative to wherever this document was read.
    servers: [{ url: '/' }],
    security: [{ agentKey: [] }],
    paths: paths(),
    components: {
      schemas: componentSchemas(),
      securitySchemes: { agentKey: { type: 'http', scheme: 'bearer', description: 'An agent key, `csk_…`.' } },
    },
  };
}

function paths(): Readonly<Record<string, Readonly<Record<string, object>>>> {
  const described: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.route.split(' ');
    described[path] = { ...described[path], [method]: operationObject(operation, path) };
  }
  return described;
}

function operationObject(
  { id, tag, summary, description, query, body, answer, problems }: Operation,
  path: string,
): object {
  const parameters = [...pathParameters(path), ...queryParameters(query)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: body !== 'Nothing', content: jsonOf(body) } }),
    responses: {
      200: { description: summary, content: 'json' in answer ? jsonOf(answer.json) : textLike(answer.text) },
      ...problemResponses(problems),
    },
  };
}

const jsonOf = (name: RequestSchema | AnswerSchema) => ({
  'application/json': {
    schema: refTo(name),
    ...(name in examples && { example: examples[name as keyof typeof examples] }),
  },
});

const textLike = (example: string) => ({ 'text/plain': { schema: { type: 'string' }, example } });

const pathParameters = (path: string) =>
  path.includes('{id}')
    ? [
        {
          name: 'id',
          in: 'path',
          required: true,
          description: 'Of a decision of this agent.',
          schema: { type: 'string' },
        },
      ]
    : [];

function queryParameters(query: z.ZodObject | undefined): readonly object[] {
  if (!query) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: asNumber(schema),
  }));
}

/** On the wire a number is text, which is checked by a pattern; described, it is a number. */
function asNumber(schema: unknown): object {
  const { pattern: _, ...described } = schema as Readonly<Record<string, unknown>>;
  return described;
}
