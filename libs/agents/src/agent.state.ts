import {
  TrackedMap,
  unreachable,
  type AgentId,
  type AgentKeyId,
  type Instant,
  type MemberId,
  type Name,
  type TeamId,
} from '@countersign/kernel';
import type { AgentEvent, AgentKeyScope } from './agent.events.ts';
import type { AgentProfile } from './agent.profile.ts';

export interface Agent {
  readonly agentId: AgentId;
  readonly name: Name;
  readonly teamId: TeamId;
  readonly status: 'active' | 'retired';
  readonly profile: AgentProfile;
}

export interface AgentKey {
  readonly keyId: AgentKeyId;
  readonly agentId: AgentId;
  readonly hash: string;
  readonly prefix: string;
  readonly scopes: readonly AgentKeyScope[];
  readonly expiresAt: Instant | null;
  readonly boundUser: string | null;
  readonly issuedBy?: MemberId | undefined;
  readonly isRevoked: boolean;
}

export interface AgentsState {
  readonly agents: TrackedMap<AgentId, Agent>;
  readonly agentKeys: TrackedMap<AgentKeyId, AgentKey>;
}

export const emptyAgents = (): AgentsState => ({ agents: new TrackedMap(), agentKeys: new TrackedMap() });

/** Records what happened, into the state given. Judging belongs to `decide`, so this never refuses. */
export function evolveAgents({ agents, agentKeys }: AgentsState, event: AgentEvent): void {
  switch (event.type) {
    case 'AgentRegistered':
      agents.set(event.data.agentId, { ...event.data, status: 'active' });
      return;
    case 'AgentChanged': {
      const { agentId, teamId, profile } = event.data;
      change(agents, agentId, { teamId, profile });
      return;
    }
    case 'AgentRetired':
      change(agents, event.data.agentId, { status: 'retired' });
      return;
    case 'AgentKeyIssued':
      agentKeys.set(event.data.keyId, { ...event.data, isRevoked: false });
      return;
    case 'AgentKeyRevoked':
      change(agentKeys, event.data.keyId, { isRevoked: true });
      return;
    case 'AgentAttemptRefused':
      return;
    default:
      unreachable(event);
  }
}

function change<Key, Value>(map: TrackedMap<Key, Value>, key: Key, changes: Partial<Value>) {
  const known = map.get(key);
  if (known) map.set(key, { ...known, ...changes });
}

/** Finds an agent by its id or its name: people type names, programs keep ids. */
export function findAgent({ agents }: AgentsState, idOrName: string): Agent | undefined {
  return agents.get(idOrName as AgentId) ?? [...agents.values()].find(({ name }) => name === idOrName);
}

/** Exact at every position: judged under the lock, by the batch's own clock. */
export function keyRefusal(key: AgentKey | undefined, now: Instant): 'revoked' | 'expired' | null {
  if (!key || key.isRevoked) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : null;
}
