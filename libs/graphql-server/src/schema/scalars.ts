import { readJson } from '@countersign/json';
import { toIso, type Instant } from '@countersign/kernel';
import {
  GraphQLError,
  GraphQLScalarType,
  Kind,
  valueFromASTUntyped,
  visit,
  type FloatValueNode,
  type IntValueNode,
  type ValueNode,
} from 'graphql';
import { z } from 'zod';

/** Money and other amounts: text, for a JSON number would be read as a float (I11). Resolvers format by unit. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'A plain decimal as text, such as "0.42": digits, at most one point, no exponent.',
  serialize: (value) => plainDecimal(value),
  parseValue: (value) => plainDecimal(value),
  parseLiteral: (node) => plainDecimal(textOf(node)),
});

/** Moments: inside milliseconds, on the wire RFC 3339. */
export const DateTime = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description: 'A moment as RFC 3339 with an offset, such as "2026-11-21T09:30:00.000Z"; answered in UTC.',
  serialize: (value) => toIso(z.number().int().parse(value) as Instant),
  parseValue: (value) => momentOf(value),
  parseLiteral: (node) => momentOf(textOf(node)),
});

/** Positions in a ledger. A JSON integer: a ledger has fewer than 2^53 events, but may have more than GraphQL's Int. */
export const Position = new GraphQLScalarType<number, number>({
  name: 'Position',
  description: 'A position in the ledger of an organization: 0, 1, 2, … without gaps.',
  serialize: (value) => positionOf(value),
  parseValue: (value) => positionOf(value),
  parseLiteral: (node) => positionOf(node.kind === Kind.INT ? Number(node.value) : null),
});

/** What agents sent, as it was sent. */
export const Json = new GraphQLScalarType<unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => {
    assertNumbersSurvive(node);
    return valueFromASTUntyped(node, variables);
  },
});

/** Of a body the strict reader refuses these; what stands in the query itself it has not read. */
function assertNumbersSurvive(node: ValueNode): void {
  visit(node, { IntValue: assertSurvives, FloatValue: assertSurvives });
}

function assertSurvives({ value }: IntValueNode | FloatValueNode): void {
  const read = readJson(value);
  if (!read.ok) throw new GraphQLError(`\`${value.slice(0, 40)}\` ${read.problem.message}`);
}

const textOf = (node: ValueNode) => (node.kind === Kind.STRING ? node.value : null);

function plainDecimal(value: unknown): string {
  if (typeof value === 'string' && /^-?\d{1,30}(\.\d{1,30})?$/.test(value)) return value;
  throw new GraphQLError('must be a plain decimal as text, such as "0.42": no exponent, no number');
}

function momentOf(value: unknown): Instant {
  const read = z.iso.datetime({ offset: true }).safeParse(value);
  if (read.success) return Date.parse(read.data) as Instant;
  throw new GraphQLError('must be a moment with an offset, such as "2026-11-21T09:30:00Z"');
}

function positionOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new GraphQLError('must be a whole number from 0');
}
