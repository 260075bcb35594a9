import { refusalOf, standingOfMemberId, type MembersState } from '@countersign/identity';
import { accepted, rejected, type Actor, type Decided, type Instant, type MemberId } from '@countersign/kernel';
import { decideChange, type PolicyFacts } from './policy-change.decider.ts';
import type { PolicyChangeCommand, PolicyCommand } from './policy.commands.ts';
import type { PolicyChangeEvent, PolicyEvent, PublicationAuthor } from './policy.events.ts';
import type { PolicyRejection } from './policy.rejections.ts';
import { policyDemand } from './policy.rights.ts';
import type { Publication } from './policy.state.ts';
import { changeIn, commandOf, publicationLike, PUBLICATIONS_MAX } from './publication.ts';

type PolicyDecision = Decided<PolicyEvent, PolicyRejection>;
type CommandOf<Type> = Extract<PolicyCommand, { type: Type }>;

/** What publications are judged against besides: who wanted them may have left. */
export type PublicationFacts = PolicyFacts & MembersState;

/** Who gives a command, and when. */
export interface Giver {
  readonly by: Actor;
  readonly at: Instant;
}

/** Instead of taking effect, a change waits for somebody else. Wanting the same twice is wanting it once. */
export function propose(
  { publicationId }: PolicyChangeCommand,
  event: PolicyChangeEvent,
  state: PublicationFacts,
  { by, at }: Giver,
): PolicyDecision {
  if (publicationLike(event, state)) return accepted();
  if (!publicationId) return rejected({ code: 'policies.second_person_needed' });
  if (state.publications.size >= PUBLICATIONS_MAX)
    return rejected({ code: 'policies.too_many_publications', most: PUBLICATIONS_MAX });

  const { name } = event.data;
  const baseVersion = state.policies.get(name)?.version ?? 0;
  return accepted({
    type: 'PublicationProposed',
    data: { publicationId, name, baseVersion, change: changeIn(event), by: authorOf(by), at },
  });
}

/** Judged anew from the state as it is by now, so that nothing takes effect which could not be done today. */
export function confirm(
  { publicationId }: CommandOf<'ConfirmPublication'>,
  state: PublicationFacts,
  { by }: Giver,
): PolicyDecision {
  const publication = state.publications.get(publicationId);
  if (!publication) return rejected({ code: 'policies.publication_not_found', publicationId });
  const refusal = confirmRefusal(publication, state, by);
  if (refusal) return rejected(refusal);

  const change = decideChange(commandOf(publication), state);
  if (change.outcome === 'rejected') return change;
  const { name } = publication;
  const confirmed = { type: 'PublicationConfirmed', data: { publicationId, name, by: by.id as MemberId } } as const;
  return accepted<PolicyEvent>(confirmed, ...change.events);
}

function confirmRefusal(publication: Publication, state: PublicationFacts, by: Actor): PolicyRejection | null {
  if (by.kind !== 'member') return { code: 'policies.members_confirm' };
  if (isBy(publication, by)) return { code: 'policies.own_publication' };
  const current = state.policies.get(publication.name)?.version ?? 0;
  // What is attached or detached is a version as well: another one was not looked at.
  if (publication.baseVersion !== current)
    return { code: 'policies.version_conflict', expected: publication.baseVersion, current };
  return isStillWanted(publication, state) ? null : { code: 'policies.publication_void' };
}

export function reject(
  { publicationId, reason }: CommandOf<'RejectPublication'>,
  { publications }: PublicationFacts,
  { by }: Giver,
): PolicyDecision {
  const publication = publications.get(publicationId);
  if (!publication) return rejected({ code: 'policies.publication_not_found', publicationId });
  const { name } = publication;
  return accepted({ type: 'PublicationRejected', data: { publicationId, name, reason, by: authorOf(by) } });
}

/** The members who may confirm it, as things stand. */
export const confirmersOf = (publication: Publication, state: PublicationFacts): readonly MemberId[] =>
  [...state.members.keys()].filter(
    (memberId) => memberId !== publication.by.id && mayPublish(memberId, publication, state),
  );

/** An admin who was removed, or made less, leaves nothing behind that one other person puts in force. */
const isStillWanted = (publication: Publication, state: PublicationFacts): boolean =>
  publication.by.kind === 'operator' || mayPublish(publication.by.id as MemberId, publication, state);

const mayPublish = (memberId: MemberId, publication: Publication, state: PublicationFacts): boolean =>
  refusalOf(standingOfMemberId(memberId, state, null), policyDemand(commandOf(publication), state)) === null;

const isBy = ({ by }: Publication, { kind, id }: Actor) => by.kind === kind && by.id === id;

const authorOf = ({ kind, id }: Actor): PublicationAuthor => ({
  kind: kind === 'member' ? 'member' : 'operator',
  id,
});
