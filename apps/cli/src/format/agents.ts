import { wireTimes } from '../apply/wire-times.ts';
import type { Paint } from './paint.ts';
import { tableOr, visible } from './table.ts';

export interface KeyAnswer {
  readonly id: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly boundUser: string | null;
  readonly status: string;
  readonly lastUsedAt: string | null;
}

export interface AgentAnswer {
  readonly id: string;
  readonly name: string;
  readonly team: { readonly name: string };
  readonly status: string;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly keys: readonly KeyAnswer[];
}

const isLive = ({ status }: KeyAnswer) => status === 'active';

export const agentsTable = (agents: readonly AgentAnswer[], paint: Paint): string =>
  tableOr(
    'no agent yet: countersign agent add NAME --team TEAM',
    ['NAME', 'TEAM', 'STATUS', 'LIVE KEYS', 'OWNER', 'PURPOSE'],
    agents.map(({ name, team, status, keys, profile }) => [
      name,
      team.name,
      status === 'active' ? status : paint('red', status),
      String(keys.filter(isLive).length),
      textOf(profile['owner']),
      textOf(profile['purpose']),
    ]),
    paint,
  );

const textOf = (value: unknown) =>
  value === undefined ? '' : visible(typeof value === 'string' ? value : JSON.stringify(value));

export const keysTable = (keys: readonly (KeyAnswer & { readonly agent: string })[], paint: Paint): string =>
  tableOr(
    'no key yet: countersign agent key issue AGENT',
    ['KEY', 'AGENT', 'BEGINS WITH', 'STATUS', 'SCOPES', 'EXPIRES', 'BOUND TO USER', 'LAST USED'],
    keys.map(({ id, agent, prefix, status, scopes, expiresAt, boundUser, lastUsedAt }) => [
      id,
      agent,
      prefix,
      paint(status === 'active' ? 'green' : 'red', status),
      scopes.join(','),
      expiresAt ?? 'never',
      visible(boundUser ?? ''),
      lastUsedAt ?? 'never',
    ]),
    paint,
  );

export function agentWords(agent: AgentAnswer, paint: Paint): string {
  const { id, name, team, status, profile, keys } = agent;
  const facts = Object.entries(wireTimes(profile)).map(([key, value]) => `  ${key}: ${textOf(value)}`);
  return [
    `${paint('bold', name)} (${id}), ${status}, of team ${team.name}`,
    ...facts,
    keysTable(
      keys.map((key) => ({ ...key, agent: name })),
      paint,
    ),
  ].join('\n');
}
