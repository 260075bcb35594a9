import { EndpointId, EndpointSecretId, Instant, MemberId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';
import { NoticeKind } from './notice-kind.ts';

const Kinds = z.array(NoticeKind);

/**
 * Facts about where notices go. Permanent: a payload may gain an optional field, anything else is a new type. A secret
 * appears by its id, never as itself or its hash (I13).
 */
export const channelEvents = {
  EndpointAdded: z.strictObject({ endpointId: EndpointId, url: z.string(), kinds: Kinds, secretId: EndpointSecretId }),
  EndpointChanged: z.strictObject({ endpointId: EndpointId, url: z.string(), kinds: Kinds }),
  /** From then on the new secret signs; those before it sign beside it until `overlapUntil`. */
  EndpointSecretRotated: z.strictObject({
    endpointId: EndpointId,
    secretId: EndpointSecretId,
    overlapUntil: Instant,
  }),
  /** Nothing is sent there any more: a person said so, it failed for too long, or it said that it is gone. */
  EndpointDisabled: z.strictObject({ endpointId: EndpointId, why: z.enum(['person', 'failing', 'gone']) }),
  EndpointEnabled: z.strictObject({ endpointId: EndpointId }),
  EndpointRemoved: z.strictObject({ endpointId: EndpointId }),
  /** All choices of a member as they are from then on. */
  NoticesChosen: z.strictObject({ memberId: MemberId, on: Kinds, off: Kinds }),
} as const;

export type ChannelEvent = EventOf<typeof channelEvents>;

/** Which subject's history an event belongs to: an endpoint, or what one member wants. */
export const streamOfChannelEvent = ({ data }: ChannelEvent): string =>
  'memberId' in data
    ? `notices-${data.memberId.slice('mem_'.length)}`
    : `endpoint-${data.endpointId.slice('whk_'.length)}`;
