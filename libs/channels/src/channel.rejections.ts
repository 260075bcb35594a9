import type { ForbiddenRejection } from '@countersign/identity';
import type { EndpointId } from '@countersign/kernel';

/** Every reason a change of where notices go is refused. Codes are public: never reuse one. */
export type ChannelRejection =
  | ForbiddenRejection
  | { readonly code: 'channels.members_only' }
  | { readonly code: 'channels.endpoint_not_found'; readonly endpointId: EndpointId }
  | { readonly code: 'channels.endpoint_exists'; readonly endpointId: EndpointId }
  | { readonly code: 'channels.too_many_endpoints'; readonly most: number };

/** What each says, but for `identity.forbidden`, which identity lists. */
export const channelRejectionCodes = {
  'channels.members_only': 'Only a member chooses what is mailed, and for themselves.',
  'channels.endpoint_not_found': 'There is no such endpoint.',
  'channels.endpoint_exists': 'Notices are sent to that URL already.',
  'channels.too_many_endpoints': 'There are as many endpoints as an organization may have.',
} as const satisfies Record<Exclude<ChannelRejection['code'], 'identity.forbidden'>, string>;
