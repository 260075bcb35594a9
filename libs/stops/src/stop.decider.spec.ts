import type { Caller } from '@countersign/identity';
import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { StopCommand } from './stop.commands.ts';
import { decideStop } from './stop.decider.ts';
import type { StopEvent, StopRank, StopScope } from './stop.events.ts';
import {
  at,
  by,
  byAgent,
  byOperator,
  clerk,
  everybody,
  everything,
  findAgent,
  intents,
  legal,
  lifted,
  memberAuthor,
  people,
  placed,
  stopNumber,
  theClerk,
  treasury,
  wholeTreasury,
  type Person,
  type StoppablePeople,
} from './stop.mother.ts';
import { evolveStops } from './stop.state.ts';

interface Given {
  readonly command: StopCommand;
  readonly caller: Caller;
}

const { given } = specFor<StoppablePeople, Given, StopEvent, unknown>({
  initialState: everybody,
  evolve: evolveStops,
  decide: ({ command, caller }, state, now) => decideStop(command, state, { caller, findAgent }, now),
  at: at('10:00'),
});

const place = (caller: Caller, scope: object, changes: object = {}): Given => ({
  command: StopCommand.parse({
    type: 'PlaceStop',
    stopId: stopNumber(1),
    scope,
    reason: 'seen paying twice',
    ...changes,
  }),
  caller,
});
const lift = (caller: Caller, n = 1): Given => ({
  command: StopCommand.parse({ type: 'LiftStop', stopId: stopNumber(n), reason: 'repaired' }),
  caller,
});

const wishes = {
  organization: { kind: 'organization' },
  team: { kind: 'team', team: 'treasury' },
  agent: { kind: 'agent', agent: 'clerk' },
  intent: { kind: 'intent', pattern: 'payment.*' },
  'intent within the team': { kind: 'intent', pattern: 'payment.*', team: 'treasury' },
} as const;

const scopes: Readonly<Record<keyof typeof wishes, StopScope>> = {
  organization: everything,
  team: wholeTreasury,
  agent: theClerk,
  intent: intents('payment.*'),
  'intent within the team': intents('payment.*', treasury),
};

/** Who may stop what, as the design says it, with how high each stands there. */
const table: Readonly<Record<keyof typeof wishes, Partial<Record<Person, StopRank>>>> = {
  organization: { owner: 'owner', admin: 'admin' },
  team: { owner: 'owner', admin: 'admin', lead: 'lead', approver: 'approver', otherLead: 'lead' },
  agent: {
    owner: 'owner',
    admin: 'admin',
    lead: 'lead',
    approver: 'approver',
    developer: 'developer',
    otherLead: 'lead',
  },
  intent: { owner: 'owner', admin: 'admin' },
  'intent within the team': { owner: 'owner', admin: 'admin', lead: 'lead', otherLead: 'lead' },
};

const kinds = Object.keys(wishes) as (keyof typeof wishes)[];
const everyone = Object.keys(people) as Person[];
const walk = kinds.flatMap((kind) => everyone.map((person) => ({ kind, person, rank: table[kind][person] })));

describe('placing a stop', () => {
  it.each(walk)('on $kind by $person has rank $rank', ({ kind, person, rank }) => {
    const attempt = given().when(place(by(person), wishes[kind]));
    if (rank) attempt.then(placed(scopes[kind], { by: memberAuthor(person), rank, at: at('10:00') }));
    else {
      const lacks = kind === 'intent within the team' && person === 'approver' ? 'stops:pattern' : 'stops:place';
      attempt.thenRejected({ code: 'identity.forbidden', right: lacks });
    }
  });

  it('is the operator’s too, who stands with the owners', () => {
    given()
      .when(place(byOperator, wishes.organization))
      .then(placed(everything, { by: { kind: 'operator', id: 'cli' }, rank: 'owner', at: at('10:00') }));
  });

  it('I4: is no agent’s', () => {
    for (const kind of kinds)
      given().when(place(byAgent, wishes[kind])).thenRejected({ code: 'identity.forbidden', right: 'stops:place' });
  });

  it('needs no words, and a token that names the right', () => {
    given()
      .when(place(by('owner', ['stops:place']), wishes.organization, { reason: undefined }))
      .then({
        ...placed(everything),
        data: { ...placed(everything).data, reason: '', at: at('10:00') },
      });
    given()
      .when(place(by('owner', ['stops:place']), wishes.intent))
      .thenRejected({ code: 'identity.forbidden', right: 'stops:pattern' });
    given()
      .when(place(by('owner', ['stops:pattern']), wishes.intent))
      .thenRejected({ code: 'identity.forbidden', right: 'stops:place' });
  });

  it('names teams and agents that exist, which a stranger is not told', () => {
    given()
      .when(place(by('owner'), { kind: 'team', team: 'marketing' }))
      .thenRejected({ code: 'stops.team_not_found', team: 'marketing' });
    given()
      .when(place(by('owner'), { kind: 'intent', pattern: '*', team: 'marketing' }))
      .thenRejected({ code: 'stops.team_not_found', team: 'marketing' });
    given()
      .when(place(by('owner'), { kind: 'agent', agent: 'cook' }))
      .thenRejected({ code: 'stops.agent_not_found', agent: 'cook' });
    given()
      .when(place(byAgent, { kind: 'agent', agent: 'cook' }))
      .thenRejected({ code: 'identity.forbidden', right: 'stops:place' });
  });

  it.each(['', 'pay now', ':#general', 'a'.repeat(201)])('knows no pattern `%s`', (pattern) => {
    const command = { type: 'PlaceStop', stopId: stopNumber(1), scope: { kind: 'intent', pattern } };
    expect(StopCommand.safeParse(command).success).toBe(false);
  });

  it('twice by the same person is placing it once', () => {
    const first = placed(wholeTreasury, { by: memberAuthor('lead'), rank: 'lead' });
    given(first)
      .when(place(by('lead'), wishes.team, { stopId: stopNumber(2) }))
      .thenNothing();
    given(first, lifted(1, '09:30'))
      .when(place(by('lead'), wishes.team, { stopId: stopNumber(2) }))
      .then(placed(wholeTreasury, { n: 2, by: memberAuthor('lead'), rank: 'lead', at: at('10:00') }));
  });

  // Else who ranks lower could lift what who ranks higher wanted stopped as well.
  it('is another stop when somebody else placed one, or the same person ranked lower', () => {
    given(placed(wholeTreasury, { by: memberAuthor('lead'), rank: 'lead' }))
      .when(place(by('admin'), wishes.team, { stopId: stopNumber(2) }))
      .then(placed(wholeTreasury, { n: 2, by: memberAuthor('admin'), rank: 'admin', at: at('10:00') }));
    given(placed(wholeTreasury))
      .when(place(by('admin'), wishes.team, { stopId: stopNumber(2) }))
      .then(placed(wholeTreasury, { n: 2, by: memberAuthor('admin'), rank: 'admin', at: at('10:00') }));
    given(placed(wholeTreasury, { by: memberAuthor('admin'), rank: 'approver' }))
      .when(place(by('admin'), wishes.team, { stopId: stopNumber(2) }))
      .then(placed(wholeTreasury, { n: 2, by: memberAuthor('admin'), rank: 'admin', at: at('10:00') }));
  });

  it('is refused past fifty patterns of a team, which leaves every other switch free', () => {
    const fifty = Array.from({ length: 50 }, (_none, n) => placed(intents(`a${n}.*`, treasury), { n: n + 100 }));
    given(...fifty)
      .when(place(by('lead'), wishes['intent within the team']))
      .thenRejected({ code: 'stops.too_many_patterns', most: 50 });
    given(...fifty.slice(1))
      .when(place(by('lead'), wishes['intent within the team']))
      .then(placed(intents('payment.*', treasury), { by: memberAuthor('lead'), rank: 'lead', at: at('10:00') }));
    for (const kind of ['organization', 'team', 'agent', 'intent'] as const)
      given(...fifty)
        .when(place(by('owner'), wishes[kind]))
        .then(placed(scopes[kind], { at: at('10:00') }));
    given(...fifty)
      .when(place(by('legalLead'), { kind: 'intent', pattern: 'payment.*', team: 'legal' }))
      .then(placed(intents('payment.*', legal), { by: memberAuthor('legalLead'), rank: 'lead', at: at('10:00') }));
  });
});

describe('lifting a stop', () => {
  const liftedBy = (person: Person): StopEvent => ({
    type: 'StopLifted',
    data: { stopId: stopNumber(1), reason: 'repaired', by: memberAuthor(person), at: at('10:00') },
  });
  const ofClerk = (person: Person, rank: StopRank) => placed(theClerk, { by: memberAuthor(person), rank });
  const higher = (rank: StopRank) => ({ code: 'stops.placed_by_higher', rank });
  const ranks = ['developer', 'approver', 'lead', 'admin', 'owner'] as const;

  it.each(ranks.flatMap((lifter) => ranks.map((rank) => ({ lifter, rank }))))(
    'I4: of rank $rank by $lifter goes by who ranks no lower',
    ({ lifter, rank }) => {
      const attempt = given(ofClerk('otherLead', rank)).when(lift(by(lifter)));
      if (ranks.indexOf(lifter) >= ranks.indexOf(rank)) attempt.then(liftedBy(lifter));
      else attempt.thenRejected(higher(rank));
    },
  );

  it('is open to who placed it, whatever they rank by now', () => {
    given(ofClerk('developer', 'admin'))
      .when(lift(by('developer')))
      .then(liftedBy('developer'));
  });

  it('takes a right that covers its scope, of who placed it too', () => {
    const rejection = { code: 'identity.forbidden', right: 'stops:place' };
    given(ofClerk('developer', 'developer'))
      .when(lift(by('legalLead')))
      .thenRejected(rejection);
    given(placed(wholeTreasury, { by: memberAuthor('developer'), rank: 'lead' }))
      .when(lift(by('developer')))
      .thenRejected(rejection);
    given(placed(intents('payment.*', treasury), { by: memberAuthor('approver'), rank: 'approver' }))
      .when(lift(by('approver')))
      .thenRejected({ code: 'identity.forbidden', right: 'stops:pattern' });
    given(ofClerk('owner', 'owner'))
      .when(lift(by('owner', ['teams:read'])))
      .thenRejected(rejection);
  });

  it('I4: is no agent’s, and nobody’s who audits', () => {
    const rejection = { code: 'identity.forbidden', right: 'stops:place' };
    for (const caller of [byAgent, by('auditor')])
      given(ofClerk('developer', 'developer')).when(lift(caller)).thenRejected(rejection);
  });

  it('of the operator is an owner’s, and of an owner the operator’s', () => {
    given(placed(everything, { by: { kind: 'operator', id: 'cli' }, rank: 'owner' }))
      .when(lift(by('owner')))
      .then(liftedBy('owner'));
    given(placed(everything))
      .when(lift(byOperator))
      .then({
        type: 'StopLifted',
        data: { stopId: stopNumber(1), reason: 'repaired', by: { kind: 'operator', id: 'cli' }, at: at('10:00') },
      });
  });

  // Ids of members and of operator tokens are of different kinds.
  it('is not open to a member by the id of an operator', () => {
    given(placed(theClerk, { by: { kind: 'operator', id: people.developer }, rank: 'owner' }))
      .when(lift(by('developer')))
      .thenRejected(higher('owner'));
  });

  it('does nothing the second time, for who may', () => {
    given(placed(everything), lifted(1, '09:30'))
      .when(lift(by('owner')))
      .thenNothing();
    given(placed(everything), lifted(1, '09:30'))
      .when(lift(by('lead')))
      .thenRejected({ code: 'identity.forbidden', right: 'stops:place' });
  });

  it('needs a stop', () => {
    given()
      .when(lift(by('owner'), 7))
      .thenRejected({ code: 'stops.not_found', stopId: stopNumber(7) });
  });
});

it('keeps who lifted a stop and when, beside what it was', () => {
  const state = everybody();
  for (const event of [placed(theClerk), lifted(1, '09:30')]) evolveStops(state, event);
  expect(state.stops.size).toBe(0);
  expect(state.liftedStops.get(stopNumber(1))).toEqual({
    stopId: stopNumber(1),
    scope: { kind: 'agent', agentId: clerk },
    reason: 'seen paying twice',
    by: memberAuthor('owner'),
    rank: 'owner',
    placedAt: at('09:00'),
    liftedAt: at('09:30'),
    liftedBy: memberAuthor('owner'),
  });
});
