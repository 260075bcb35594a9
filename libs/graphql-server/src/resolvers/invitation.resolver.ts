import { refuse } from '@countersign/http';
import { PASSWORD_LENGTH, registrationCodes } from '@countersign/identity/people';
import {
  Invitations,
  problemOfRejection,
  type CommandAnswer,
  type Acceptor,
  type AcceptRejection,
} from '@countersign/surface';
import { Args, Context, Field, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { doneOf } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { Asks } from '../rights/asks.ts';
import { refusal, type Refusal } from '../schema/refusal.ts';
import { CommandPayload, type CommandDone } from './commands.types.ts';

const byItsToken = { right: null, of: 'anybody', why: 'the token of the invitation is the right' } as const;

const NAME_MAX = 100;

@ObjectType('InvitationCard', { description: 'An invitation as whoever holds its link sees it.' })
@Asks(byItsToken)
export class InvitationCardType {
  @Field()
  readonly organization!: string;

  @Field()
  readonly email!: string;

  @Field()
  readonly role!: string;

  @Field({ description: 'Whether to sign in, or to make an account by accepting.' })
  readonly hasAccount!: boolean;
}

/** What whoever holds an invitation's link may do, signed in or not. */
@Resolver()
export class InvitationResolver {
  constructor(private readonly invitations: Invitations) {}

  @Query(() => InvitationCardType, { nullable: true, description: 'Null for a token that opens nothing (any more).' })
  @Asks(byItsToken)
  invitation(@Args('token') token: string): Promise<InvitationCardType | null> {
    return this.invitations.look(token);
  }

  @Mutation(() => CommandPayload, {
    description: `Joins: as who is signed in, or as somebody new, with a name and a password of ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`,
  })
  @Asks(byItsToken)
  async acceptInvitation(
    @Args('token') token: string,
    @Args('name', { type: () => String, nullable: true }) name: string | null,
    @Args('password', { type: () => String, nullable: true }) password: string | null,
    @Context() { signedIn }: GraphContext,
  ): Promise<CommandDone | Refusal> {
    // Joining is a step in person: a token that may only read must not be able to.
    if (signedIn?.by === 'token')
      throw refuse(403, 'sign_in.session_required', 'Forbidden', 'a personal token cannot do this: sign in');
    const acceptor = signedIn ? { signedIn } : newcomer(name, password);
    const result = await this.invitations.accept(token, acceptor);
    return result.outcome === 'accepted' ? doneOf(result.events[0] as CommandAnswer) : refusalOf(result.rejection);
  }
}

function newcomer(name: string | null | undefined, password: string | null | undefined): Acceptor {
  const said = (name ?? '').trim();
  if (said !== '' && said.length <= NAME_MAX && password) return { name: said, password };
  throw refuse(
    401,
    'sign_in.required',
    'Not signed in',
    'sign in, or give a `name` and a `password` to make an account',
  );
}

const refusalOf = (rejection: AcceptRejection): Refusal => {
  if ('ok' in rejection) return refusal(rejection.code, registrationCodes[rejection.code]);
  const { code, detail } = problemOfRejection(rejection);
  return refusal(code, detail);
};
