import { Configurations, type EnforcementState } from '@countersign/decisions';
import { People } from '@countersign/identity/people';
import { toIso, type MemberId, type OrganizationId } from '@countersign/kernel';
import { confirmersOf, type Layer, type Publication } from '@countersign/policy';
import { Injectable } from '@nestjs/common';
import type { Waiting } from './command-answer.ts';
import { nameOfPoint } from './point-name.ts';

/** A change of what is in force that waits for a second person. */
export interface PublicationForPeople {
  readonly id: string;
  readonly kind: 'publish' | 'attach' | 'detach';
  readonly policy: string;
  /** The version it follows; 0 for none. Once another is in force, it can only be rejected. */
  readonly baseVersion: number;
  /** Of what would be published. */
  readonly document: string | null;
  readonly note: string | null;
  /** Where it would be attached or detached. */
  readonly point: PublicationPoint | null;
  /** By name; an operator's token by its label. */
  readonly by: { readonly kind: string; readonly id: string; readonly name: string };
  readonly proposedAt: string;
  /** By name. */
  readonly confirmers: readonly string[];
}

export interface PublicationPoint {
  readonly layer: Layer;
  readonly id: string;
  readonly name: string;
}

/** What waits for a second person, and for whom. */
@Injectable()
export class PublicationList {
  constructor(
    private readonly configurations: Configurations,
    private readonly people: People,
  ) {}

  /** The oldest first. */
  async all(organizationId: OrganizationId): Promise<readonly PublicationForPeople[]> {
    const { state } = await this.configurations.read(organizationId);
    const waiting = [...state.publications.values()].sort((one, other) => one.at - other.at);
    return Promise.all(waiting.map((publication) => this.#told(publication, state)));
  }

  async waiting(publication: Publication, state: EnforcementState): Promise<Waiting> {
    const confirmers = await this.#names(confirmersOf(publication, state), state);
    return { publicationId: publication.publicationId, confirmers };
  }

  async #told(publication: Publication, state: EnforcementState): Promise<PublicationForPeople> {
    const { publicationId, name, baseVersion, change, by, at } = publication;
    const { confirmers } = await this.waiting(publication, state);
    const [author] = by.kind === 'member' ? await this.#names([by.id as MemberId], state) : [by.id];
    return {
      id: publicationId,
      kind: change.kind,
      policy: name,
      baseVersion,
      document: change.kind === 'publish' ? change.document : null,
      note: change.kind === 'publish' ? change.note : null,
      point: pointOf(publication, state),
      by: { ...by, name: author ?? by.id },
      proposedAt: toIso(at),
      confirmers,
    };
  }

  async #names(memberIds: readonly MemberId[], { members }: EnforcementState): Promise<readonly string[]> {
    const known = memberIds.map((memberId) => ({ memberId, userId: members.get(memberId)?.userId ?? '' }));
    const persons = await this.people.find(known.map(({ userId }) => userId));
    return known.map(({ memberId, userId }) => persons.get(userId)?.name ?? memberId);
  }
}

/** Where a publication attaches or detaches; null of a text. */
export function pointOf({ change }: Publication, state: EnforcementState): PublicationPoint | null {
  if (change.kind === 'publish') return null;
  const { layer, point } = change;
  return { layer, id: point, name: nameOfPoint(layer, point, state) };
}
