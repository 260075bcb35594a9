import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { queryLimitsRule } from './query-limits.ts';

const schema = buildSchema(`
  type Query { told(first: Int! = 50): [Item!]!, untold(first: Int): [Item!]! }
  type Item { id: ID! }
`);

/** What the rule says of a query, where at most so many fields may be answered. */
const refusalOf = (query: string, costMax: number) =>
  validate(schema, parse(query), [queryLimitsRule({ depthMax: 12, costMax })]).map(({ message }) => message);

describe('the cost of a page', () => {
  it.each([
    ['the default of a page whose size is not given', '{ told { id } }', 51],
    ['the largest page there is, where there is no default', '{ untold { id } }', 101],
    ['what is asked for', '{ told(first: 7) { id } }', 8],
    ['the largest page there is, where a variable says it', 'query ($n: Int!) { told(first: $n) { id } }', 101],
  ])('is %s', (_, query, cost) => {
    expect(refusalOf(query, cost)).toEqual([]);
    expect(refusalOf(query, cost - 1)[0]).toContain(`may answer ${cost} fields`);
  });
});
