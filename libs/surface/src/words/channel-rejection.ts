import type { ChannelRejection } from '@countersign/channels';
import type { Problem } from '@countersign/http';
import { unreachable } from '@countersign/kernel';

/** A right that is lacking is identity's to word, whatever it was for. */
export type OwnChannelRejection = Exclude<ChannelRejection, { code: 'identity.forbidden' }>;

/** The one place where a refused change of where notices go becomes words a person reads. */
export function problemOfChannelRejection(rejection: OwnChannelRejection): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'channels.members_only':
      return { status: 403, code, title: 'Forbidden', detail: 'Only members choose what they are mailed.' };
    case 'channels.endpoint_not_found':
      return { status: 404, code, title: 'Not found', detail: `There is no endpoint \`${rejection.endpointId}\`.` };
    case 'channels.endpoint_exists':
      return conflict(code, `Endpoint \`${rejection.endpointId}\` has that URL: change its kinds instead.`);
    case 'channels.too_many_endpoints':
      return conflict(code, `There are ${rejection.most} endpoints already: remove one.`);
    default:
      return unreachable(rejection);
  }
}

const conflict = (code: string, detail: string): Problem => ({ status: 409, code, title: 'Conflict', detail });
