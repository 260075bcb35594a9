import { refusalOf, standingOf, type Caller, type ForbiddenRejection, type PeopleState } from '@countersign/identity';
import { accepted, instant, rejected, unreachable, type Decided, type Instant } from '@countersign/kernel';
import type { ChannelCommand } from './channel.commands.ts';
import type { ChannelEvent } from './channel.events.ts';
import type { ChannelRejection } from './channel.rejections.ts';
import { channelRights } from './channel.rights.ts';
import type { ChannelsState, Endpoint } from './channel.state.ts';
import { NOTICE_KINDS, type NoticeKind } from './notice-kind.ts';

type Decision = Decided<ChannelEvent, ChannelRejection>;
type Of<Type> = Extract<ChannelCommand, { type: Type }>;
type State = ChannelsState & PeopleState;

/** Each notice is sent to all that want it, so an organization has so many. */
const ENDPOINTS_MAX = 20;

const HOUR_MILLISECONDS = 3_600_000;

/** What may happen to where notices go, judged under the organization's head lock. */
export function decideChannel(command: ChannelCommand, state: State, caller: Caller, at: Instant): Decision {
  if (command.type === 'ChooseNotices') return choose(command, state, caller);
  const refusal = refusalFor(command, state, caller);
  if (refusal) return rejected(refusal);
  if (command.type === 'AddEndpoint') return add(command, state);
  const { endpointId } = command;
  const endpoint = state.endpoints.get(endpointId);
  return endpoint
    ? decideAbout(command, endpoint, state, at)
    : rejected({ code: 'channels.endpoint_not_found', endpointId });
}

function refusalFor(command: Exclude<ChannelCommand, Of<'ChooseNotices'>>, state: State, caller: Caller) {
  const isOwnWord = command.type === 'DisableEndpoint' && caller.actor.kind === 'system';
  if (isOwnWord) return null;
  const { organizationId } = state.organization.get('self') ?? {};
  const targets = organizationId ? [{ kind: 'organization', organizationId } as const] : [];
  const refusal: ForbiddenRejection | null = refusalOf(standingOf(caller, state), {
    asks: channelRights[command.type],
    targets,
  });
  return refusal;
}

function add({ endpointId, secretId, url, kinds }: Of<'AddEndpoint'>, { endpoints }: State): Decision {
  const there = [...endpoints.values()].find((endpoint) => endpoint.url === url);
  if (there) return rejected({ code: 'channels.endpoint_exists', endpointId: there.endpointId });
  if (endpoints.size >= ENDPOINTS_MAX) return rejected({ code: 'channels.too_many_endpoints', most: ENDPOINTS_MAX });
  return accepted({ type: 'EndpointAdded', data: { endpointId, url, kinds: inOrder(kinds), secretId } });
}

function decideAbout(
  command: Exclude<ChannelCommand, Of<'ChooseNotices' | 'AddEndpoint'>>,
  endpoint: Endpoint,
  state: State,
  at: Instant,
): Decision {
  const { endpointId, status } = endpoint;
  switch (command.type) {
    case 'ChangeEndpoint':
      return change(command, endpoint, state);
    case 'RotateEndpointSecret': {
      const overlapUntil = instant(at + command.overlapHours * HOUR_MILLISECONDS);
      const { secretId } = command;
      return accepted({ type: 'EndpointSecretRotated', data: { endpointId, secretId, overlapUntil } });
    }
    case 'EnableEndpoint':
      return status === 'enabled' ? accepted() : accepted({ type: 'EndpointEnabled', data: { endpointId } });
    case 'DisableEndpoint':
      return status === 'disabled'
        ? accepted()
        : accepted({ type: 'EndpointDisabled', data: { endpointId, why: command.why } });
    case 'RemoveEndpoint':
      return accepted({ type: 'EndpointRemoved', data: { endpointId } });
    default:
      return unreachable(command);
  }
}

function change(wish: Of<'ChangeEndpoint'>, endpoint: Endpoint, { endpoints }: State): Decision {
  const { endpointId } = endpoint;
  const { url = endpoint.url } = wish;
  const kinds = inOrder(wish.kinds ?? endpoint.kinds);
  const there = [...endpoints.values()].find((other) => other.url === url && other.endpointId !== endpointId);
  if (there) return rejected({ code: 'channels.endpoint_exists', endpointId: there.endpointId });
  const isSame = url === endpoint.url && kinds.join() === endpoint.kinds.join();
  return isSame ? accepted() : accepted({ type: 'EndpointChanged', data: { endpointId, url, kinds } });
}

function choose({ on, off }: Of<'ChooseNotices'>, state: State, caller: Caller): Decision {
  const standing = standingOf(caller, state);
  if (standing.kind !== 'member') return rejected({ code: 'channels.members_only' });
  const { memberId } = standing;
  const known = state.noticeChoices.get(memberId) ?? { on: [], off: [] };
  const choices = { on: inOrder(on), off: inOrder(off) };
  const isSame = choices.on.join() === known.on.join() && choices.off.join() === known.off.join();
  return isSame ? accepted() : accepted({ type: 'NoticesChosen', data: { memberId, ...choices } });
}

/** The order of the catalogue, so that the same choice is the same text. */
const inOrder = (kinds: readonly NoticeKind[]): NoticeKind[] => NOTICE_KINDS.filter((kind) => kinds.includes(kind));
