import { newId } from '@countersign/crypto';
import { Commands, Configurations, type CommandRejection, type EnforcementState } from '@countersign/decisions';
import { decideMember, memberOfUser, type Caller, type Invitation, type MemberCommand } from '@countersign/identity';
import { People, type Registration, type SignedIn } from '@countersign/identity/people';
import { rejected, type Actor, type Decided, type MemberId, type OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { MembershipRows } from '../adapters/membership-rows.ts';
import { answerOf, type CommandAnswer } from './command-answer.ts';
import { hashOfInvitation } from './configuration-command.ts';
import { openInvitations } from './member-list.ts';

/** Who accepts: somebody signed in, or somebody new, who says how they want to sign in. */
export type Acceptor = { readonly signedIn: SignedIn } | { readonly name: string; readonly password: string };

export type AcceptRejection = CommandRejection | Extract<Registration, { ok: false }>;

/** An invitation as whoever holds its link sees it. */
export interface InvitationCard {
  readonly organization: string;
  readonly email: string;
  readonly role: string;
  /** Whether to sign in, or to make an account. */
  readonly hasAccount: boolean;
}

type Accept = Extract<MemberCommand, { type: 'AcceptInvitation' }>;

interface Found {
  readonly organizationId: OrganizationId;
  readonly state: EnforcementState;
  readonly invitation: Invitation;
}

/** What whoever holds an invitation's link may do with it: look, and join. */
@Injectable()
export class Invitations {
  constructor(
    private readonly memberships: MembershipRows,
    private readonly configurations: Configurations,
    private readonly commands: Commands,
    private readonly people: People,
  ) {}

  /** Null for a token that opens nothing (any more). */
  async look(token: string): Promise<InvitationCard | null> {
    const found = await this.#find(token);
    if (!found?.invitation.email) return null;
    const { state, invitation } = found;
    const isOpen = openInvitations(state, await this.memberships.now()).includes(invitation);
    if (!isOpen) return null;
    const person = await this.people.findByEmail(found.invitation.email);
    const { email, role } = invitation;
    return {
      organization: state.organization.get('self')?.name ?? '',
      email: email ?? '',
      role,
      hasAccount: person !== null,
    };
  }

  /**
   * Makes whoever accepts a member. Somebody new is registered first, and only when the invitation would be accepted;
   * should it be revoked in between, they have an account that belongs nowhere.
   *
   * @throws the faults of the ledger and of the database.
   */
  async accept(token: string, acceptor: Acceptor): Promise<Decided<CommandAnswer, AcceptRejection>> {
    const found = await this.#find(token);
    if (!found) return rejected({ code: 'identity.invitation_not_found' });
    return 'signedIn' in acceptor ? this.#asPerson(found, acceptor.signedIn) : this.#asNewcomer(found, acceptor);
  }

  async #find(token: string): Promise<Found | null> {
    const tokenHash = hashOfInvitation(token);
    const organizationId = await this.memberships.invitedTo(tokenHash);
    if (!organizationId) return null;
    const { state } = await this.configurations.read(organizationId);
    const invitation = [...state.invitations.values()].find((each) => each.tokenHash === tokenHash);
    return invitation ? { organizationId, state, invitation } : null;
  }

  async #asPerson(found: Found, { userId, credential }: SignedIn) {
    const person = (await this.people.find([userId])).get(userId);
    // An address that nobody proved is theirs is nobody's.
    if (!person?.isEmailVerified) return rejected<AcceptRejection>({ code: 'identity.invitation_for_another' });
    const command = acceptanceOf(found, { userId, email: person.email });
    return this.#run(found, command, { method: 'session', credential });
  }

  async #asNewcomer(found: Found, { name, password }: { readonly name: string; readonly password: string }) {
    const { state, invitation } = found;
    const { email, invitationId } = invitation;
    const by: By = { method: 'invitation', credential: invitationId };
    const tried = acceptanceOf(found, { userId: 'somebody new', email: email ?? '' });
    const foreseen = decideMember(tried, state, callerOf(tried, by), await this.memberships.now());
    if (foreseen.outcome === 'rejected') return rejected<AcceptRejection>(foreseen.rejection);
    const registered = await this.people.register({ name, email: tried.email, password });
    if (!registered.ok) return rejected<AcceptRejection>(registered);
    return this.#run(found, { ...tried, userId: registered.person.id }, by);
  }

  async #run({ organizationId }: Found, command: Accept, by: By): Promise<Decided<CommandAnswer, AcceptRejection>> {
    const outcome = await this.commands.execute(organizationId, callerOf(command, by), command);
    return outcome.outcome === 'rejected'
      ? rejected(outcome.rejection)
      : { outcome: 'accepted', events: [answerOf(outcome.events)] };
  }
}

interface By {
  readonly method: Actor['method'];
  readonly credential: string;
}

/** Whoever returns has the member id they had; somebody else gets one of their own. */
function acceptanceOf(
  { state, invitation: { tokenHash } }: Found,
  { userId, email }: { readonly userId: string; readonly email: string },
): Accept {
  const memberId = memberOfUser(state, userId)?.memberId ?? newId<MemberId>('mem', Date.now());
  return { type: 'AcceptInvitation', tokenHash, memberId, userId, email };
}

const callerOf = ({ memberId }: Accept, { method, credential }: By): Caller => ({
  actor: { kind: 'member', id: memberId, method, credential },
  tokenRights: null,
});
