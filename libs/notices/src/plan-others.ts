import type { AnyEvent, EnforcementState } from '@countersign/decisions';
import { confirmersOf } from '@countersign/policy';
import type { StopScope } from '@countersign/stops';
import { eachOnce, managersOf, readersOf, stoppedBy } from './audience.ts';
import type { NoticeFacts } from './facts.ts';
import type { CheckpointNews, Notice, ToldEvent } from './notice.ts';
import { visible } from './visible.ts';

type Of<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>['data'];

const atOnce = { sendAt: null, onlyWhile: null } as const;

export function stopped(told: ToldEvent, { state }: NoticeFacts, data: Of<'StopPlaced'>): readonly Notice[] {
  const { stopId, scope, reason } = data;
  const { at, position, actor } = told;
  const members = eachOnce(state, stoppedBy(state, scope), actor.id);
  const news = { stopId, scope: scopeInWords(scope, state), reason: visible(reason) };
  return [{ kind: 'stop.placed', key: `stop.placed/${stopId}`, at, position, members, news, ...atOnce }];
}

/** Nothing of it is in force until one of those hears of it who may confirm it. */
export function proposed(told: ToldEvent, { state }: NoticeFacts, data: Of<'PublicationProposed'>): readonly Notice[] {
  const { publicationId, name, change } = data;
  const { at, position, actor } = told;
  const members = eachOnce(state, confirmersOf(data, state), actor.id);
  const news = { publicationId, policy: visible(name), change: changeInWords(change) };
  return [
    {
      kind: 'publication.proposed',
      key: `publication.proposed/${publicationId}`,
      at,
      position,
      members,
      news,
      ...atOnce,
    },
  ];
}

function changeInWords(change: Of<'PublicationProposed'>['change']): string {
  if (change.kind === 'publish') return 'publish';
  const place = change.layer === 'organization' ? 'the whole organization' : `one ${change.layer}`;
  return `${change.kind} ${change.kind === 'attach' ? 'to' : 'from'} ${place}`;
}

/** What a person disabled they know; of what the system gave up, somebody has to hear. */
export function disabled(told: ToldEvent, { state }: NoticeFacts, data: Of<'EndpointDisabled'>): readonly Notice[] {
  const { endpointId, why } = data;
  if (why === 'person') return [];
  const { at, position } = told;
  const url = state.endpoints.get(endpointId)?.url ?? '';
  const members = managersOf(state);
  const news = { endpointId, url, why };
  return [{ kind: 'endpoint.disabled', key: `endpoint.disabled/${position}`, at, position, members, news, ...atOnce }];
}

/** The day's checkpoint, for those who may read everything and asked for it. */
export function checkpointNotice(news: CheckpointNews, state: EnforcementState, at: Notice['at']): Notice {
  const key = `checkpoint.daily/${news.day}`;
  return { kind: 'checkpoint.daily', key, at, position: null, members: readersOf(state), news, ...atOnce };
}

function scopeInWords(scope: StopScope, { teams, agents }: EnforcementState): string {
  switch (scope.kind) {
    case 'organization':
      return 'everything';
    case 'team':
      return `team ${nameIn(teams, scope.teamId)}`;
    case 'agent':
      return `agent ${nameIn(agents, scope.agentId)}`;
    default: {
      const of = scope.teamId === null ? '' : ` of team ${nameIn(teams, scope.teamId)}`;
      return `intents ${visible(scope.pattern)}${of}`;
    }
  }
}

const nameIn = <Key extends string>(named: ReadonlyMap<Key, { readonly name: string }>, key: Key): string =>
  named.get(key)?.name ?? key;
