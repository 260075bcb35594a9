import { accepted, rejected, type Instant, type MemberId } from '@countersign/kernel';
import type { ApprovalCommandOf } from './approval.commands.ts';
import type { ApprovalsState } from './approval.state.ts';
import { personOf } from './caller.ts';
import { electorsFor, type Electorate } from './electorate.ts';
import type { ApprovalFacts } from './facts.ts';
import type { Grant } from './grant.state.ts';
import type { ApprovalDecision } from './vote.ts';

/** Taking a standing permission back is open to more people than giving one: it can only make things safer. */
export function revokeGrant(
  { grantId, reason }: ApprovalCommandOf<'RevokeGrant'>,
  { grants }: ApprovalsState,
  facts: ApprovalFacts,
  at: Instant,
): ApprovalDecision {
  const person = personOf(facts.by);
  if (!person.isPerson) return rejected(person.refusal);
  const { by } = person;
  const grant = grants.get(grantId);
  if (!grant || facts.people.roleOf(by) === null) return rejected({ code: 'grants.not_found', grantId });
  if (!mayRevoke(by, grant, facts)) return rejected({ code: 'grants.not_a_decider' });

  // What stands no more needs no revoking; two people in a hurry both succeed.
  if (grant.status !== 'standing' || at >= grant.expiresAt) return accepted();
  return accepted({ type: 'GrantRevoked', data: { grantId, by, reason } });
}

/** Whoever decides for one of its teams, whoever gave it while they are a member, and every owner and admin. */
export function mayRevoke(by: MemberId, grant: Grant, electorate: Electorate): boolean {
  const role = electorate.people.roleOf(by);
  if (role === 'owner' || role === 'admin') return true;
  return grant.counted.some(
    ({ teams, members }) => members.includes(by) || electorsFor({ teams, quorum: 1 }, grant, electorate).has(by),
  );
}
