import { wantsByMail } from '@countersign/channels';
import type { EnforcementState } from '@countersign/decisions';
import type { EndpointId, MemberId } from '@countersign/kernel';
import type { Notice } from './notice.ts';

/** By which ways one notice goes out. */
export interface Routes {
  readonly mails: readonly MemberId[];
  readonly endpoints: readonly EndpointId[];
}

/** Members are mailed what is for them and what they want; endpoints get every notice of the kinds they are for. */
export function routesOf({ kind, members }: Notice, state: EnforcementState): Routes {
  const endpoints = [...state.endpoints.values()].filter(
    ({ status, kinds }) => status === 'enabled' && kinds.includes(kind),
  );
  return {
    mails: members.filter((member) => wantsByMail(state, member, kind)),
    endpoints: endpoints.map(({ endpointId }) => endpointId),
  };
}
