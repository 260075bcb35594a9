import { StopList, type StopForPeople } from '@countersign/surface';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Instant, StopId } from '@countersign/kernel';
import type { GraphContext } from '../request/graph-context.ts';
import type { View } from '../request/views.ts';
import { Position } from '../schema/scalars.ts';
import { LastAllowedType, StopType } from './inventory.types.ts';

/** What the ledger says of when a stop came. */
@Resolver(() => StopType)
export class StopResolver {
  constructor(private readonly stops: StopList) {}

  @ResolveField(() => Position, { description: 'No later position holds an allow in its scope.' })
  async position(@Parent() stop: StopType, @Context() context: GraphContext): Promise<number> {
    return (await this.#history(stop, context)).position;
  }

  @ResolveField(() => LastAllowedType, {
    nullable: true,
    description: 'Null when there is none among the 10,000 positions before it.',
  })
  async lastAllowed(@Parent() stop: StopType, @Context() context: GraphContext): Promise<LastAllowedType | null> {
    const { lastAllowed } = await this.#history(stop, context);
    return lastAllowed && { ...lastAllowed, decidedAt: Date.parse(lastAllowed.decidedAt) as Instant };
  }

  /** Both fields tell of one reading. */
  #history({ view, id }: StopType, { loaders }: GraphContext): Promise<StopForPeople> {
    return loaders.load(this.#batchOf(view), id as StopId).then((found) => found as StopForPeople);
  }

  readonly #batches = new WeakMap<
    View,
    { read: (ids: readonly StopId[]) => Promise<ReadonlyMap<StopId, StopForPeople>> }
  >();

  #batchOf(view: View) {
    const known = this.#batches.get(view) ?? { read: (ids: readonly StopId[]) => this.#read(view, ids) };
    this.#batches.set(view, known);
    return known;
  }

  async #read(view: View, ids: readonly StopId[]): Promise<ReadonlyMap<StopId, StopForPeople>> {
    const found = new Map<StopId, StopForPeople>();
    for (const id of ids) {
      const stop = view.state.stops.get(id);
      // One after the other: each may read many pages, and the pool is for everybody.
      if (stop) found.set(id, await this.stops.one(view.organizationId, stop, view.state));
    }
    return found;
  }
}
