import type { Caller } from '@countersign/identity';
import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { ChannelCommand } from './channel.commands.ts';
import { decideChannel } from './channel.decider.ts';
import type { ChannelEvent } from './channel.events.ts';
import {
  added,
  at,
  by,
  byAgent,
  byOperator,
  bySystem,
  endpointNumber,
  everybody,
  hook,
  memberNumber,
  secretNumber,
  type Channelled,
} from './channel.mother.ts';
import { evolveChannels, secretsInForce, wantsByMail } from './channel.state.ts';

interface Given {
  readonly command: ChannelCommand;
  readonly caller: Caller;
}

const { given } = specFor<Channelled, Given, ChannelEvent, unknown>({
  initialState: everybody,
  evolve: evolveChannels,
  decide: ({ command, caller }, state, now) => decideChannel(command, state, caller, now),
  at: at('10:00'),
});

const says = (caller: Caller, wish: object): Given => ({ command: ChannelCommand.parse(wish), caller });
const endpointId = endpointNumber(1);
const adding = (changes: object = {}) => ({
  type: 'AddEndpoint',
  endpointId,
  secretId: secretNumber(1),
  url: hook,
  kinds: ['approval.opened'],
  ...changes,
});
const rotating = (changes: object = {}) => ({
  type: 'RotateEndpointSecret',
  endpointId,
  secretId: secretNumber(2),
  ...changes,
});
const disabled = (why: 'person' | 'failing' | 'gone'): ChannelEvent => ({
  type: 'EndpointDisabled',
  data: { endpointId, why },
});
const forbidden = { code: 'identity.forbidden', right: 'organization:manage' };

describe('an endpoint', () => {
  it('is added by an owner, an admin or the operator, with the kinds in one order', () => {
    const wish = adding({ kinds: ['stop.placed', 'approval.opened'] });
    for (const caller of [by('owner'), by('admin'), byOperator()])
      given()
        .when(says(caller, wish))
        .then(added(1, hook, ['approval.opened', 'stop.placed']));
  });

  it.each([
    ['a member', by('member')],
    ['a developer', by('developer')],
    ['an auditor', by('auditor')],
    ['a viewer', by('viewer')],
    ['an agent', byAgent()],
    ['the system', bySystem()],
  ])('is nothing that %s may add', (_who, caller) => given().when(says(caller, adding())).thenRejected(forbidden));

  it('has a URL that no other has', () => {
    const twice = { code: 'channels.endpoint_exists', endpointId };
    given(added())
      .when(
        says(by('owner'), adding({ endpointId: endpointNumber(2), url: 'HTTPS://Hooks.Example.com:443/countersign' })),
      )
      .thenRejected(twice);
    given(added(), added(2, 'https://other.example/'))
      .when(says(by('owner'), { type: 'ChangeEndpoint', endpointId: endpointNumber(2), url: hook }))
      .thenRejected(twice);
  });

  it('is one of at most 20', () => {
    const others = Array.from({ length: 20 }, (_, n) => added(n + 2, `https://hooks.example/${n}`));
    given(...others)
      .when(says(by('owner'), adding()))
      .thenRejected({ code: 'channels.too_many_endpoints', most: 20 });
  });

  it('is changed in what is named, and not at all when nothing differs', () => {
    const change = (changes: object) => says(by('admin'), { type: 'ChangeEndpoint', endpointId, ...changes });
    given(added())
      .when(change({ kinds: ['stop.placed'] }))
      .then({ type: 'EndpointChanged', data: { endpointId, url: hook, kinds: ['stop.placed'] } });
    given(added())
      .when(change({ url: hook }))
      .thenNothing();
  });

  it('is disabled and enabled by people, twice like once, and by the system with its reason', () => {
    const disable = { type: 'DisableEndpoint', endpointId };
    given(added())
      .when(says(by('owner'), disable))
      .then(disabled('person'));
    given(added())
      .when(says(bySystem(), { ...disable, why: 'failing' }))
      .then(disabled('failing'));
    given(added(), disabled('failing')).when(says(bySystem(), disable)).thenNothing();
    given(added())
      .when(says(by('member'), disable))
      .thenRejected(forbidden);
    given(added(), disabled('gone'))
      .when(says(by('owner'), { type: 'EnableEndpoint', endpointId }))
      .then({ type: 'EndpointEnabled', data: { endpointId } });
    given(added())
      .when(says(by('owner'), { type: 'EnableEndpoint', endpointId }))
      .thenNothing();
  });

  it('is gone once removed', () => {
    const removed: ChannelEvent = { type: 'EndpointRemoved', data: { endpointId } };
    given(added())
      .when(says(by('owner'), { type: 'RemoveEndpoint', endpointId }))
      .then(removed);
    given(added(), removed)
      .when(says(by('owner'), rotating()))
      .thenRejected({ code: 'channels.endpoint_not_found', endpointId });
  });
});

describe('a secret that is changed', () => {
  const rotated = (n: number, clock: string): ChannelEvent => ({
    type: 'EndpointSecretRotated',
    data: { endpointId, secretId: secretNumber(n), overlapUntil: at(clock) },
  });

  it('signs beside the one before it for a day, or as long as is said', () => {
    const nextDay = { ...rotated(2, '10:00').data, overlapUntil: Date.parse('2026-03-03T10:00:00.000Z') };
    given(added())
      .when(says(by('owner'), rotating()))
      .then({ type: 'EndpointSecretRotated', data: nextDay as never });
    given(added())
      .when(says(by('owner'), rotating({ overlapHours: 0 })))
      .then(rotated(2, '10:00'));
  });

  it('never leaves more than two in force, and after the overlap one', () => {
    const state = everybody();
    for (const event of [added(), rotated(2, '12:00'), rotated(3, '13:00')]) evolveChannels(state, event);
    const endpoint = state.endpoints.get(endpointId);
    const inForceAt = (clock: string) => endpoint && secretsInForce(endpoint, at(clock));
    expect(inForceAt('11:00')).toEqual([secretNumber(3), secretNumber(2)]);
    expect(inForceAt('13:00')).toEqual([secretNumber(3)]);
  });
});

describe('what a member is mailed', () => {
  const choose = (caller: Caller, on: string[], off: string[]) => says(caller, { type: 'ChooseNotices', on, off });
  const memberId = memberNumber(6);

  it('is what they choose, and they for nobody else', () => {
    given()
      .when(choose(by('viewer'), ['checkpoint.daily'], ['stop.placed']))
      .then({ type: 'NoticesChosen', data: { memberId, on: ['checkpoint.daily'], off: ['stop.placed'] } });
    given()
      .when(choose(by('viewer'), [], []))
      .thenNothing();
    for (const caller of [byAgent(), byOperator(), bySystem()])
      given()
        .when(choose(caller, [], []))
        .thenRejected({ code: 'channels.members_only' });
  });

  it('is everything but checkpoints until they do', () => {
    const state = everybody();
    expect(wantsByMail(state, memberId, 'stop.placed')).toBe(true);
    expect(wantsByMail(state, memberId, 'checkpoint.daily')).toBe(false);
    evolveChannels(state, {
      type: 'NoticesChosen',
      data: { memberId, on: ['checkpoint.daily'], off: ['stop.placed'] },
    });
    expect(wantsByMail(state, memberId, 'stop.placed')).toBe(false);
    expect(wantsByMail(state, memberId, 'checkpoint.daily')).toBe(true);
    expect(wantsByMail(state, memberId, 'budget.warning')).toBe(true);
  });
});

describe('a command that cannot be read', () => {
  it.each([
    ['a URL that is none', adding({ url: 'hooks' })],
    ['another protocol', adding({ url: 'ftp://hooks.example/' })],
    ['a script', adding({ url: 'javascript:alert(1)' })],
    ['clear text over a network', adding({ url: 'http://hooks.example/' })],
    ['a password', adding({ url: 'https://ada:secret@hooks.example/' })],
    ['a fragment', adding({ url: 'https://hooks.example/#there' })],
    ['a line break', adding({ url: 'https://hooks.example/\nX-Header: 1' })],
    ['a URL without an end', adding({ url: `https://hooks.example/${'a'.repeat(2_048)}` })],
    ['no kind', adding({ kinds: [] })],
    ['a kind twice', adding({ kinds: ['stop.placed', 'stop.placed'] })],
    ['a kind that is none', adding({ kinds: ['stop.lifted'] })],
    ['an overlap of more than a week', rotating({ overlapHours: 169 })],
    ['a field that is not known', adding({ secret: 'whsec_mine' })],
    ['a kind both on and off', { type: 'ChooseNotices', on: ['stop.placed'], off: ['stop.placed'] }],
  ])('%s', (_what, wish) => expect(ChannelCommand.safeParse(wish).success).toBe(false));

  it('leaves a machine of one’s own in clear text', () => {
    expect(ChannelCommand.parse(adding({ url: 'http://localhost:8080/hook' }))).toMatchObject({
      url: 'http://localhost:8080/hook',
    });
  });
});
