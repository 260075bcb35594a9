import type { Agent, AgentKey } from '@countersign/agents';
import type { Organization, Team } from '@countersign/identity';
import type { AgentId, AgentKeyId, Name, PublicationId, TeamId } from '@countersign/kernel';
import { attachmentKey, type Attachment, type Publication, type PublishedPolicy } from '@countersign/policy';
import { channelTables } from './channel-tables.ts';
import type { EnforcementTable } from './enforcement-table.ts';
import { peopleTables } from './people-tables.ts';

const json = <Value>(text: unknown) => JSON.parse(String(text)) as Value;

/** One row; its key names it a second time, so that every table has a key besides the organization. */
const organizations: EnforcementTable<'self', Organization> = {
  name: 'organizations',
  map: ({ organization }) => organization,
  key: { self: 'text' },
  columns: { name: 'text', details: 'text' },
  keyTexts: (self) => [self],
  valueTexts: ({ name, ...details }) => [name, JSON.stringify(details)],
  fromRow: ({ name, details }) => ['self', { name: name as Name, ...json<Omit<Organization, 'name'>>(details) }],
};

const teams: EnforcementTable<TeamId, Team> = {
  name: 'teams',
  map: (state) => state.teams,
  key: { team_id: 'text' },
  columns: { name: 'text' },
  keyTexts: (teamId) => [teamId],
  valueTexts: ({ name }) => [name],
  fromRow: ({ team_id, name }) => [team_id as TeamId, { teamId: team_id as TeamId, name: name as Name }],
};

const agents: EnforcementTable<AgentId, Agent> = {
  name: 'agents',
  map: (state) => state.agents,
  key: { agent_id: 'text' },
  columns: { name: 'text', team_id: 'text', details: 'text' },
  keyTexts: (agentId) => [agentId],
  valueTexts: ({ name, teamId, status, profile }) => [name, teamId, JSON.stringify({ status, profile })],
  fromRow: ({ agent_id, name, team_id, details }) => {
    const agentId = agent_id as AgentId;
    return [
      agentId,
      { agentId, name: name as Name, teamId: team_id as TeamId, ...json<Pick<Agent, 'status' | 'profile'>>(details) },
    ];
  },
};

const agentKeys: EnforcementTable<AgentKeyId, AgentKey> = {
  name: 'agent_keys',
  map: (state) => state.agentKeys,
  key: { key_id: 'text' },
  columns: { agent_id: 'text', hash: 'text', details: 'text' },
  keyTexts: (keyId) => [keyId],
  valueTexts: ({ keyId: _, agentId, hash, ...details }) => [agentId, hash, JSON.stringify(details)],
  fromRow: ({ key_id, agent_id, hash, details }) => {
    const identity = { keyId: key_id as AgentKeyId, agentId: agent_id as AgentId, hash: String(hash) };
    return [identity.keyId, { ...identity, ...json<Omit<AgentKey, keyof typeof identity>>(details) }];
  },
};

const policies: EnforcementTable<Name, PublishedPolicy> = {
  name: 'policies',
  map: (state) => state.policies,
  key: { name: 'text' },
  columns: { version: 'int', document: 'text' },
  keyTexts: (name) => [name],
  valueTexts: ({ version, document }) => [String(version), document],
  fromRow: ({ name, version, document }) => [
    name as Name,
    { name: name as Name, version: Number(version), document: String(document) },
  ],
};

const attachments: EnforcementTable<string, Attachment> = {
  name: 'attachments',
  map: (state) => state.attachments,
  key: { policy: 'text', layer: 'text', point: 'text' },
  columns: {},
  // Names and layers hold no spaces; the point is whatever follows the second.
  keyTexts: (key) => {
    const [policy = '', layer = ''] = key.split(' ', 2);
    return [policy, layer, key.slice(policy.length + layer.length + 2)];
  },
  valueTexts: () => [],
  fromRow: ({ policy, layer, point }) => {
    const attachment = { name: policy as Name, layer: layer as Attachment['layer'], point: String(point) };
    return [attachmentKey(attachment), attachment];
  },
};

const publications: EnforcementTable<PublicationId, Publication> = {
  name: 'publications',
  map: (state) => state.publications,
  key: { publication_id: 'text' },
  columns: { details: 'json' },
  keyTexts: (publicationId) => [publicationId],
  valueTexts: (publication) => [JSON.stringify(publication)],
  fromRow: ({ publication_id, details }) => [publication_id as PublicationId, json<Publication>(details)],
};

/** Few rows, cached whole under the epoch. */
export const configurationTables: readonly EnforcementTable<never, never>[] = [
  organizations,
  teams,
  agents,
  agentKeys,
  policies,
  attachments,
  publications,
  ...peopleTables,
  ...channelTables,
] as never;
