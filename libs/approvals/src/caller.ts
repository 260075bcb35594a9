import type { Caller } from '@countersign/identity';
import type { MemberId } from '@countersign/kernel';
import type { ApprovalRejection } from './approval.rejections.ts';

/** A person, by a credential that may be used for this; or why not. */
export type Person =
  | { readonly isPerson: true; readonly by: MemberId }
  | { readonly isPerson: false; readonly refusal: ApprovalRejection };

/**
 * Only people do what people do: no agent's key passes, whatever the edge took its holder for (I4), and a personal token
 * only if it is for deciding.
 */
export function personOf({ actor, tokenRights }: Caller): Person {
  if (actor.kind !== 'member' || actor.method === 'agent-key') return refused({ code: 'approvals.people_only' });
  if (tokenRights !== null && !tokenRights.includes('approvals:decide'))
    return refused({ code: 'identity.forbidden', right: 'approvals:decide' });
  return { isPerson: true, by: actor.id as MemberId };
}

const refused = (refusal: ApprovalRejection): Person => ({ isPerson: false, refusal });
