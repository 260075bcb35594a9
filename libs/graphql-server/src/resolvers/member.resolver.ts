import { People, type Person } from '@countersign/identity/people';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphContext } from '../request/graph-context.ts';
import type { Batch } from '../request/loaders.ts';
import { Asks } from '../rights/asks.ts';
import { MemberType } from './organization.types.ts';

/** Who members are, as persons: asked of the identity library once for all members of an answer. */
@Resolver(() => MemberType)
export class MemberResolver {
  readonly #persons: Batch<string, Person>;

  constructor(people: People) {
    this.#persons = { read: (ids) => people.find(ids) };
  }

  @ResolveField(() => String, { nullable: true, description: 'Null for a person who no longer exists.' })
  async name(@Parent() { userId }: MemberType, @Context() { loaders }: GraphContext): Promise<string | null> {
    return (await loaders.load(this.#persons, userId))?.name ?? null;
  }

  @ResolveField(() => String, { nullable: true })
  @Asks({ right: 'organization:read', narrows: 'null for who does not read the whole organization, but for their own' })
  async email(@Parent() { userId, isKnown }: MemberType, @Context() { loaders }: GraphContext): Promise<string | null> {
    return isKnown ? ((await loaders.load(this.#persons, userId))?.email ?? null) : null;
  }
}
