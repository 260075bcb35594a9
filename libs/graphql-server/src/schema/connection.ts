import { refuse } from '@countersign/http';
import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { PAGE_MAX } from '../limits/query-limits.ts';
import { Asks } from '../rights/asks.ts';

const asPage = { right: null, of: 'signed-in', why: 'the field that answers the page asks' } as const;

const PAGE = 50;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: PAGE, description: `At most ${PAGE_MAX}.` })
  readonly first!: number;

  @Field(() => String, { nullable: true, description: 'A cursor: what stands behind it is answered.' })
  readonly after!: string | null;
}

@ObjectType('PageInfo')
@Asks(asPage)
export class PageInfo {
  @Field()
  readonly hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Of the last node here; null when there is none.' })
  readonly endCursor!: string | null;
}

export interface Page<Node> {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
}

/** The types of a list that is read by pages, as Relay names them. */
export function connectionOf<Node extends object>(name: string, node: Type<Node>): Type<Page<Node>> {
  @ObjectType(`${name}Edge`)
  @Asks(asPage)
  class Edge {
    @Field(() => node)
    readonly node!: Node;

    @Field()
    readonly cursor!: string;
  }

  @ObjectType(`${name}Connection`)
  @Asks(asPage)
  class Connection {
    @Field(() => [Edge])
    readonly edges!: Edge[];

    @Field()
    readonly pageInfo!: PageInfo;
  }
  return Connection;
}

export const cursorOf = (key: string) => Buffer.from(key).toString('base64url');
export const keyOf = (cursor: string) => Buffer.from(cursor, 'base64url').toString();

/** @throws {ProblemAnswer} 400 for a page of another size than is answered. */
export function assertSize({ first }: Pick<PageArgs, 'first'>): void {
  if (first < 1 || first > PAGE_MAX)
    throw refuse(400, 'graphql.invalid', 'Invalid query', `\`first\` must be from 1 to ${PAGE_MAX}`);
}

/**
 * One page of a list in the order of its keys. A cursor is a key and not a count, so that whatever is added or taken
 * away meanwhile, nothing is answered twice or passed over.
 *
 * @throws {ProblemAnswer} 400 for a page of another size than is answered.
 */
export function pageOf<Item, Node>(
  items: Iterable<Item>,
  { first, after }: PageArgs,
  { key, node }: { readonly key: (item: Item) => string; readonly node: (item: Item) => Node },
): Page<Node> {
  assertSize({ first });
  const behind = after === null || after === undefined ? null : keyOf(after);
  const rest = [...items]
    .map((item) => ({ item, key: key(item) }))
    .filter((each) => behind === null || each.key > behind)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const edges = rest.slice(0, first).map((each) => ({ node: node(each.item), cursor: cursorOf(each.key) }));
  return { edges, pageInfo: { hasNextPage: rest.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}
