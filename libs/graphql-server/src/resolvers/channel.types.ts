import type { Endpoint } from '@countersign/channels';
import type { Instant } from '@countersign/kernel';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { View } from '../request/views.ts';
import { Asks } from '../rights/asks.ts';
import { connectionOf } from '../schema/connection.ts';
import { DateTime } from '../schema/scalars.ts';

const behindEndpoints = {
  right: null,
  of: 'signed-in',
  why: 'the field that leads here asks for the right to manage the organization',
} as const;

@ObjectType('Delivery', { description: 'What became of one notice for one endpoint.' })
@Asks(behindEndpoints)
export class DeliveryType {
  @Field(() => ID, { description: 'The `webhook-id` that the receiver sees, the same at each attempt.' })
  readonly id!: string;

  @Field({ description: 'As `NoticeChoice.kind`.' })
  readonly kind!: string;

  @Field({ description: '`waiting`, `delivered`, `failed` or `obsolete`.' })
  readonly status!: string;

  @Field(() => Int)
  readonly attempts!: number;

  @Field(() => DateTime)
  readonly createdAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried next; null once it has ended.' })
  readonly dueAt!: Instant | null;

  @Field(() => DateTime, { nullable: true })
  readonly endedAt!: Instant | null;

  @Field(() => Int, { nullable: true, description: 'The HTTP status of the last answer; null where there was none.' })
  readonly answered!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last attempt failed, in a word. `address_refused`: it leads to this machine or a private network, and `WEBHOOK_PRIVATE_ADDRESSES` does not allow that.',
  })
  readonly error!: string | null;
}

export const DeliveryConnection = connectionOf('Delivery', DeliveryType);

@ObjectType('Endpoint', { description: 'A URL that notices are sent to, signed as the Standard Webhooks are.' })
@Asks(behindEndpoints)
export class EndpointType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly url!: string;

  @Field(() => [String])
  readonly kinds!: readonly string[];

  @Field({ description: '`enabled` or `disabled`.' })
  readonly status!: string;

  @Field(() => Int, { description: 'How many secrets sign now: two while one is changed.' })
  readonly secretsInForce!: number;

  readonly view!: View;
  readonly endpoint!: Endpoint;
}

export const EndpointConnection = connectionOf('Endpoint', EndpointType);

@ObjectType('NoticeChoice', { description: 'One kind of notice, and whether the caller is mailed it here.' })
@Asks({ right: null, of: 'signed-in', why: 'tells callers about themselves' })
export class NoticeChoice {
  @Field({ description: 'Permanent.' })
  readonly kind!: string;

  @Field()
  readonly meaning!: string;

  @Field()
  readonly isMailed!: boolean;
}
