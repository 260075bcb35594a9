import type { Type } from '@nestjs/common';
import { createUnionType, Field, ObjectType } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';

/** What a domain refused. Expected, and something the caller can act on: so it is an answer and no error. */
@ObjectType('Refusal', {
  description: 'Why something was not done. Branch on `code`, which is permanent; words may change.',
})
@Asks({ right: null, of: 'signed-in', why: 'tells its caller about a call of theirs' })
export class Refusal {
  @Field({ description: 'Listed with its meaning and what to do in docs/rejections.md.' })
  readonly code!: string;

  @Field()
  readonly message!: string;
}

export const refusal = (code: string, message: string): Refusal => Object.assign(new Refusal(), { code, message });

/**
 * The union that a mutation answers with: what was done, or why not. Its members are classes, and a resolver returns
 * instances of them.
 *
 * @example
 * const RenameTeamPayload = payloadOf('RenameTeamPayload', TeamRenamed);
 */
export const payloadOf = <Done extends object>(name: `${string}Payload`, done: Type<Done>) =>
  createUnionType({
    name,
    description: 'What was done, or why it was not.',
    types: () => [done, Refusal] as const,
    resolveType: (value: unknown) => (value instanceof Refusal ? Refusal : done),
  });
