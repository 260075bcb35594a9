import { canDecide, type OrganizationRole } from '@countersign/identity';
import type { MemberId } from '@countersign/kernel';
import type { Approval, Counted, Needed } from './approval.state.ts';
import type { Requirement } from './requirement.ts';

/** Who people are, as read under the lock. */
export interface People {
  /** Null for somebody who is not, or no longer, a member. */
  readonly roleOf: (member: MemberId) => OrganizationRole | null;
  /** Who has the team role approver or lead there, in any order; nobody, for a team that is not there. */
  readonly decidersOf: (team: string) => readonly MemberId[];
  readonly owners: readonly MemberId[];
}

/** Who may decide about the actions of one agent. */
export interface Electorate {
  readonly people: People;
  /** The agent's owner and deputy and the issuers of its live keys; empty where the organization relaxed the rule. */
  readonly involved: ReadonlySet<MemberId>;
  /** True where the organization lets those involved decide, whom the agent acts for included. */
  readonly isRelaxed: boolean;
}

/** Which agent's action it is about, as far as it matters to who may decide. */
type About = Pick<Approval, 'onBehalfOf' | 'involved'>;

/**
 * Whether the person is too close to the action to wave it through: by what they are to the agent now, or were as it
 * asked. Else who revokes the key they asked with could approve it.
 */
export const isInvolved = (member: MemberId, about: About, { involved, isRelaxed }: Electorate): boolean =>
  !isRelaxed && (member === about.onBehalfOf || involved.has(member) || (about.involved ?? []).includes(member));

/** Whether anything bars the person from every approval of this agent. */
function isBarred(member: MemberId, about: About, electorate: Electorate): boolean {
  const role = electorate.people.roleOf(member);
  // An auditor or viewer never decides, whatever a team made of them.
  return role === null || !canDecide(role) || isInvolved(member, about, electorate);
}

type Asked = Pick<Needed, 'teams' | 'quorum'>;

/** Those who hold a team role for it, and are not barred. */
function ownElectors({ teams }: Asked, about: About, electorate: Electorate): ReadonlySet<MemberId> {
  const deciders = teams.flatMap((team) => electorate.people.decidersOf(team));
  return new Set(deciders.filter((member) => !isBarred(member, about, electorate)));
}

/**
 * Whether a requirement has fewer people than it wants, so that it goes to the owners too; what publishing a policy
 * warns of.
 */
export const isQueueShort = (asked: Asked, about: About, electorate: Electorate): boolean =>
  ownElectors(asked, about, electorate).size < asked.quorum;

/**
 * The people who may meet a requirement now. Where its teams have fewer than its quorum, the owners may too: else the
 * ask could never be met.
 */
export function electorsFor(asked: Asked, about: About, electorate: Electorate): ReadonlySet<MemberId> {
  const own = ownElectors(asked, about, electorate);
  if (own.size >= asked.quorum) return own;
  return new Set([...own, ...electorate.people.owners.filter((owner) => !isBarred(owner, about, electorate))]);
}

/** An owner or admin who is not too close to the action: whoever may raise a cap beyond what a team may. */
export function mayRaise(member: MemberId, about: About, electorate: Electorate): boolean {
  const role = electorate.people.roleOf(member);
  return (role === 'owner' || role === 'admin') && !isInvolved(member, about, electorate);
}

/**
 * Whether people who counted before are as many as one team's quorum wants now: those who counted as that team was
 * asked, and those who may decide for it today. Who counted for it only because it had escalated to them, or for
 * another team, has to have the right today.
 */
export function isMetBy(
  { team, quorum }: Pick<Requirement, 'team' | 'quorum'>,
  counted: readonly Counted[],
  about: About,
  electorate: Electorate,
): boolean {
  const then = counted.filter(({ teams: [asked] }) => asked === team);
  const electors = electorsFor({ teams: [team], quorum }, about, electorate);
  const now = counted.flatMap(({ members }) => members).filter((member) => electors.has(member));
  return new Set([...then.flatMap(({ members }) => members), ...now]).size >= quorum;
}

/** Whether the queue of any of the teams is the person's own, or they see every queue: who may take part in the talk. */
export function mayComment(member: MemberId, requirements: readonly Needed[], { people }: Electorate): boolean {
  const role = people.roleOf(member);
  if (role === 'owner' || role === 'admin') return true;
  const teams = requirements.flatMap((needed) => needed.teams);
  return role !== null && canDecide(role) && teams.some((team) => people.decidersOf(team).includes(member));
}
