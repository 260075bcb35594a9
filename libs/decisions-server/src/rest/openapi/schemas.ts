import { ActionCost, OutcomeCost } from '@countersign/budgets';
import {
  Action,
  ActionContext,
  DecisionAnswer,
  DecisionDetailAnswer,
  DecisionReason,
  OutcomeReport,
} from '@countersign/decisions';
import { Receipt } from '@countersign/ledger/export';
import { z } from 'zod';
import { Extension } from '../../application/extension.ts';
import { GivenAnswer, Take } from '../../application/takes.ts';
import { IdentityView } from '../identity.view.ts';
import { CancelView, ExtensionView, OutcomeOfMany, OutcomeView } from '../outcome.view.ts';
import { BATCH_MAX } from '../request-body.ts';

const many = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).min(1).max(BATCH_MAX);

/** What agents send: the schemas that judge it. Entries of a batch are judged one by one, so that each stands alone. */
const requests = {
  Action,
  ActionContext,
  ActionCost,
  OutcomeReport,
  OutcomeCost,
  OutcomeOfMany,
  Extension,
  Take,
  Answer: GivenAnswer,
  ActionBatch: z.strictObject({ actions: many(Action) }),
  OutcomeBatch: z.strictObject({ outcomes: many(OutcomeOfMany) }),
  Nothing: z.strictObject({}),
};

/** RFC 9457, with a code that never changes. */
const Problem = z.object({
  type: z.string().describe('A page about the code.'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().describe('For people; the words may change.'),
  code: z
    .string()
    .regex(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/)
    .describe('Permanent; branch on this.'),
  errors: z
    .array(z.object({ field: z.string(), code: z.string(), message: z.string() }))
    .describe('Every field that is wrong.')
    .optional(),
  decision: DecisionAnswer.optional(),
});

const oneOrProblem = (name: string, schema: z.ZodType) =>
  z.union([
    z.strictObject({ ok: z.literal(true), [name]: schema }),
    z.strictObject({ ok: z.literal(false), problem: Problem }),
  ]);

const Hash = z.string().describe('SHA-256, base64.');

/** What agents read. */
const answers = {
  Decision: DecisionAnswer,
  DecisionDetail: DecisionDetailAnswer,
  DecisionReason,
  DecisionBatch: z.strictObject({ decisions: z.array(oneOrProblem('decision', DecisionAnswer)) }),
  Outcome: OutcomeView,
  OutcomeResults: z.strictObject({ results: z.array(oneOrProblem('outcome', OutcomeView)) }),
  ExtensionAnswer: ExtensionView,
  Cancelled: CancelView,
  Identity: IdentityView,
  Receipt,
  InclusionProof: z.strictObject({
    position: z.number().int(),
    size: z.number().int(),
    leafHash: Hash,
    proof: z.array(Hash).describe('RFC 6962 section 2.1.1, deepest first.'),
  }),
  ConsistencyProof: z.strictObject({
    from: z.number().int(),
    to: z.number().int(),
    proof: z.array(Hash).describe('RFC 6962 section 2.1.2.'),
  }),
  Problem,
};

export type RequestSchema = keyof typeof requests;
export type AnswerSchema = keyof typeof answers;

export const refTo = (name: RequestSchema | AnswerSchema) => ({ $ref: `#/components/schemas/${name}` });

/** Every schema by its name, as OpenAPI holds them. */
export function componentSchemas(): Readonly<Record<string, object>> {
  return { ...named(requests, 'input'), ...named(answers, 'output') };
}

function named(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const written = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
    // Clients ignore fields that they do not know, so an answer may gain one; requests are refused by name.
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(Object.entries(written.schemas).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

/** Inside a document a schema is found by its place; an id of its own would make references relative to itself. */
function withoutIdentity(schema: object): object {
  const { $schema: _, $id: __, ...rest } = schema as Readonly<Record<string, unknown>>;
  return rest;
}
