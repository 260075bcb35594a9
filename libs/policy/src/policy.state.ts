import { TrackedMap, unreachable, type Instant, type Name, type PublicationId } from '@countersign/kernel';
import type { AttachmentPoint, PolicyChange, PolicyEvent, PublicationAuthor } from './policy.events.ts';

export interface PublishedPolicy {
  readonly name: Name;
  readonly version: number;
  readonly document: string;
}

export interface Attachment extends AttachmentPoint {
  readonly name: Name;
}

/** A change that waits for a second person. */
export interface Publication {
  readonly publicationId: PublicationId;
  readonly name: Name;
  readonly baseVersion: number;
  readonly change: PolicyChange;
  readonly by: PublicationAuthor;
  readonly at: Instant;
}

export interface PoliciesState {
  /** The version in force of every policy; earlier ones are in the stream `policy-<name>`. */
  readonly policies: TrackedMap<Name, PublishedPolicy>;
  readonly attachments: TrackedMap<string, Attachment>;
  /** Those that wait; what became of the others is in the streams of their policies. */
  readonly publications: TrackedMap<PublicationId, Publication>;
}

export const emptyPolicies = (): PoliciesState => ({
  policies: new TrackedMap(),
  attachments: new TrackedMap(),
  publications: new TrackedMap(),
});

/** Spaces cannot occur in a name or a layer, so the key says one thing only. */
export const attachmentKey = ({ name, layer, point }: Attachment) => `${name} ${layer} ${point}`;

/** Records what happened, into the state given. Judging belongs to `decide`, so this never refuses. */
export function evolvePolicies({ policies, attachments, publications }: PoliciesState, event: PolicyEvent): void {
  switch (event.type) {
    case 'PolicyPublished': {
      const { name, version, document } = event.data;
      policies.set(name, { name, version, document });
      return;
    }
    case 'PolicyAttached':
      attachments.set(attachmentKey(event.data), event.data);
      return;
    case 'PolicyDetached':
      attachments.delete(attachmentKey(event.data));
      return;
    case 'PublicationProposed':
      publications.set(event.data.publicationId, event.data);
      return;
    case 'PublicationConfirmed':
    case 'PublicationRejected':
      publications.delete(event.data.publicationId);
      return;
    default:
      unreachable(event);
  }
}

/** What is attached at one point, in the order it was attached. */
export function attachedAt(
  { attachments }: PoliciesState,
  layer: AttachmentPoint['layer'],
  point: string,
): readonly Attachment[] {
  return [...attachments.values()].filter((attachment) => attachment.layer === layer && attachment.point === point);
}
