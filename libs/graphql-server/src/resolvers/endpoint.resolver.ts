import { DeliveryLog, type Delivery } from '@countersign/channels';
import { refuse } from '@countersign/http';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { assertSize, cursorOf, keyOf, PageArgs, type Page } from '../schema/connection.ts';
import { DeliveryConnection, EndpointType } from './channel.types.ts';

/** What a cursor of ours holds, and nothing else may. */
const DELIVERY_ID = /^msg_[0-9a-f]{32}$/;

/** What became of the notices for one endpoint; an organization has at most 20 of them. */
@Resolver(() => EndpointType)
export class EndpointResolver {
  constructor(private readonly log: DeliveryLog) {}

  @ResolveField(() => DeliveryConnection, { description: 'The latest first.' })
  async deliveries(
    @Parent() { view, endpoint }: EndpointType,
    @Args() { first, after }: PageArgs,
  ): Promise<Page<Delivery>> {
    assertSize({ first });
    const page = { first: first + 1, before: placeIn(after) };
    const found = await this.log.ofEndpoint(view.organizationId, endpoint.endpointId, page);
    const edges = found.slice(0, first).map((node) => ({ node, cursor: cursorOf(node.id) }));
    return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
  }
}

function placeIn(after: string | null | undefined): string | null {
  if (after === null || after === undefined) return null;
  const key = keyOf(after);
  if (DELIVERY_ID.test(key)) return key;
  throw refuse(400, 'graphql.invalid', 'Invalid query', '`after` must be a cursor of this list');
}
