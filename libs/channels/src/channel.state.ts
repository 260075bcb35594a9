import {
  TrackedMap,
  unreachable,
  type EndpointId,
  type EndpointSecretId,
  type Instant,
  type MemberId,
} from '@countersign/kernel';
import type { ChannelEvent } from './channel.events.ts';
import { UNASKED, type NoticeKind } from './notice-kind.ts';

/** A secret by its id; `until` is null for the latest, which has no end. */
export interface EndpointSecret {
  readonly secretId: EndpointSecretId;
  readonly until: Instant | null;
}

/** A URL that notices are sent to. */
export interface Endpoint {
  readonly endpointId: EndpointId;
  readonly url: string;
  readonly kinds: readonly NoticeKind[];
  readonly status: 'enabled' | 'disabled';
  /** The latest first; one that has ended is dropped when the next is added. */
  readonly secrets: readonly EndpointSecret[];
}

/** What a member said of kinds of notices; of others the default holds. */
export interface NoticeChoices {
  readonly memberId: MemberId;
  readonly on: readonly NoticeKind[];
  readonly off: readonly NoticeKind[];
}

export interface ChannelsState {
  readonly endpoints: TrackedMap<EndpointId, Endpoint>;
  readonly noticeChoices: TrackedMap<MemberId, NoticeChoices>;
}

export const emptyChannels = (): ChannelsState => ({ endpoints: new TrackedMap(), noticeChoices: new TrackedMap() });

/** Records what happened, into the state given. Judging belongs to `decide`, so this never refuses. */
export function evolveChannels({ endpoints, noticeChoices }: ChannelsState, event: ChannelEvent): void {
  switch (event.type) {
    case 'EndpointAdded': {
      const { secretId, ...endpoint } = event.data;
      endpoints.set(endpoint.endpointId, { ...endpoint, status: 'enabled', secrets: [{ secretId, until: null }] });
      return;
    }
    case 'EndpointChanged':
      change(endpoints, event.data.endpointId, event.data);
      return;
    case 'EndpointSecretRotated': {
      const { endpointId, secretId, overlapUntil } = event.data;
      const before = endpoints.get(endpointId)?.secrets ?? [];
      change(endpoints, endpointId, { secrets: [{ secretId, until: null }, ...endedBy(before, overlapUntil)] });
      return;
    }
    case 'EndpointDisabled':
      change(endpoints, event.data.endpointId, { status: 'disabled' });
      return;
    case 'EndpointEnabled':
      change(endpoints, event.data.endpointId, { status: 'enabled' });
      return;
    case 'EndpointRemoved':
      endpoints.delete(event.data.endpointId);
      return;
    case 'NoticesChosen':
      noticeChoices.set(event.data.memberId, event.data);
      return;
    default:
      unreachable(event);
  }
}

/** The one before the new secret, and no older one: more than two signatures are of use to nobody. */
const endedBy = ([latest]: readonly EndpointSecret[], until: Instant): readonly EndpointSecret[] =>
  latest ? [{ secretId: latest.secretId, until }] : [];

function change(endpoints: ChannelsState['endpoints'], id: EndpointId, changes: Partial<Endpoint>): void {
  const known = endpoints.get(id);
  if (known) endpoints.set(id, { ...known, ...changes });
}

/** The secrets that sign at an instant, the latest first. */
export const secretsInForce = ({ secrets }: Endpoint, now: Instant): readonly EndpointSecretId[] =>
  secrets.filter(({ until }) => until === null || now < until).map(({ secretId }) => secretId);

/** Whether a member is mailed notices of a kind: as they chose, or else by the default of the kind. */
export function wantsByMail({ noticeChoices }: ChannelsState, memberId: MemberId, kind: NoticeKind): boolean {
  const choices = noticeChoices.get(memberId);
  if (choices?.on.includes(kind)) return true;
  return !choices?.off.includes(kind) && !UNASKED.has(kind);
}
