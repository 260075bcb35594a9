import { People, type Person, type SignedIn } from '@countersign/identity/people';
import { Context, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphContext } from '../request/graph-context.ts';
import type { Batch } from '../request/loaders.ts';
import { Asks } from '../rights/asks.ts';

@ObjectType('Person', { description: 'Somebody who can sign in; over all organizations.' })
@Asks({ right: null, of: 'signed-in', why: 'who leads to a person asks for the right to see them' })
export class PersonType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly name!: string;

  @Field()
  readonly email!: string;

  @Field({ description: 'Whether they proved to receive mail there.' })
  readonly isEmailVerified!: boolean;

  @Field()
  readonly hasSecondFactor!: boolean;
}

@ObjectType('Me', { description: 'The caller, and the credential they use.' })
@Asks({ right: null, of: 'signed-in', why: 'tells callers about themselves' })
export class Me {
  @Field(() => PersonType)
  readonly person!: Person;

  @Field({ description: '`password`, `password+totp`, `password+backup-code`, `oidc` or `token`.' })
  readonly method!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The rights that a personal token is limited to; null: those of the person.',
  })
  readonly rights!: readonly string[] | null;

  @Field(() => ID, { nullable: true, description: 'The organization that a personal token is bound to.' })
  readonly organizationId!: string | null;
}

@Resolver()
export class MeResolver {
  readonly #byId: Batch<string, Person>;

  constructor(people: People) {
    this.#byId = { read: (ids) => people.find(ids) };
  }

  @Query(() => Me, { nullable: true, description: 'Who is asking; null for nobody.' })
  @Asks({ right: null, of: 'anybody', why: 'whoever asks learns who they are, or that they are nobody' })
  async me(@Context() { signedIn, loaders }: GraphContext): Promise<Me | null> {
    const person = signedIn && (await loaders.load(this.#byId, signedIn.userId));
    return person && meOf(person, signedIn);
  }
}

const meOf = (person: Person, { method, rights, organizationId }: SignedIn): Me => ({
  person,
  method,
  rights,
  organizationId,
});
