import { randomUUID } from 'node:crypto';
import { ApprovalCommand } from '@countersign/approvals';
import { newId } from '@countersign/crypto';
import type { Caller, OrganizationRole, TeamRole } from '@countersign/identity';
import { instant, type ApprovalId, type GrantId, type InvitationId, type MemberId } from '@countersign/kernel';
import { accepted, openOrganization, type TestProcess } from './decisions.mother.ts';

type Opened = Awaited<ReturnType<typeof openOrganization>>;

/** A member of an organization, and how they command. */
export interface Person {
  readonly memberId: MemberId;
  readonly caller: Caller;
}

export const callerOf = (memberId: MemberId): Caller => ({
  actor: { kind: 'member', id: memberId, method: 'session', credential: 'ses_test' },
  tokenRights: null,
});

/** Invites somebody and lets them accept, as a member of the treasury. */
export async function joinTreasury(
  { commands }: TestProcess,
  { organizationId, tell }: Opened,
  { role = 'member', team = 'approver' }: { readonly role?: OrganizationRole; readonly team?: TeamRole } = {},
): Promise<Person> {
  const tokenHash = randomUUID().replaceAll('-', '').repeat(2);
  const memberId = newId<MemberId>('mem', Date.now());
  const email = `${memberId}@example.org`;
  await tell({
    type: 'InviteMember',
    invitationId: newId<InvitationId>('inv', Date.now()),
    ...{ email, role, tokenHash, teams: [{ team: 'treasury', role: team }] },
    expiresAt: instant(Date.now() + 3_600_000),
  });
  const caller = callerOf(memberId);
  accepted(
    await commands.execute(organizationId, caller, {
      type: 'AcceptInvitation',
      ...{ tokenHash, memberId, userId: `user-${memberId}`, email },
    }),
  );
  return { memberId, caller };
}

/** One person answers one approval of an organization. */
export const answering =
  ({ commands }: TestProcess, { organizationId }: Opened) =>
  (person: Person, wish: object) =>
    commands.execute(organizationId, person.caller, ApprovalCommand.parse(wish));

export const approve = (view: AskedView, changes: object = {}) => ({
  type: 'DecideApproval',
  approvalId: view.approval?.id as ApprovalId,
  verdict: 'approve',
  digest: view.actionDigest.slice('sha256:'.length),
  ...changes,
});

export const grantOf = (terms: object) => ({ grant: { grantId: newId<GrantId>('grt', Date.now()), terms } });

interface AskedView {
  readonly approval: { readonly id: string } | null;
  readonly actionDigest: string;
}
