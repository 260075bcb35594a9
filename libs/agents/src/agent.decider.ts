import { activeMember, findTeam, type IdentityState, type MembersState } from '@countersign/identity';
import {
  accepted,
  rejected,
  unreachable,
  type Actor,
  type Decided,
  type Instant,
  type MemberId,
} from '@countersign/kernel';
import { stopsLeftBy, type StopsState } from '@countersign/stops';
import type { AgentCommand } from './agent.commands.ts';
import type { AgentEvent } from './agent.events.ts';
import type { AgentRejection } from './agent.rejections.ts';
import { findAgent, type Agent, type AgentsState } from './agent.state.ts';

/** What is read under the lock to judge a command about agents. */
export type AgentFacts = AgentsState & IdentityState & MembersState & Pick<StopsState, 'stops'>;

type AgentDecision = Decided<AgentEvent, AgentRejection>;
type CommandOf<Type> = Extract<AgentCommand, { type: Type }>;

/** When it is commanded, and by whom: a member who issues a key is recorded as its issuer. */
export interface AgentCommanded {
  readonly at: Instant;
  readonly by?: Pick<Actor, 'kind' | 'id'>;
}

/** What may happen to agents and their keys, judged under the organization's head lock. */
export function decideAgent(command: AgentCommand, state: AgentFacts, commanded: AgentCommanded): AgentDecision {
  switch (command.type) {
    case 'RegisterAgent':
      return register(command, state);
    case 'RevokeAgentKey':
      return revoke(command, state);
    default: {
      const agent = findAgent(state, command.agent);
      return agent
        ? decideAboutAgent(command, agent, state, commanded)
        : rejected({ code: 'agents.not_found', agent: command.agent });
    }
  }
}

function decideAboutAgent(
  command: CommandOf<'ChangeAgent' | 'RetireAgent' | 'IssueAgentKey'>,
  agent: Agent,
  state: AgentFacts,
  commanded: AgentCommanded,
): AgentDecision {
  if (agent.status === 'retired')
    return command.type === 'RetireAgent' ? accepted() : rejected({ code: 'agents.retired', agent: agent.name });

  switch (command.type) {
    case 'ChangeAgent':
      return change(command, agent, state);
    case 'RetireAgent':
      return accepted({ type: 'AgentRetired', data: { agentId: agent.agentId, reason: command.reason } });
    case 'IssueAgentKey':
      return issue(command, agent, commanded);
    default:
      return unreachable(command);
  }
}

function register(command: CommandOf<'RegisterAgent'>, state: AgentFacts): AgentDecision {
  if (findAgent(state, command.name)) return rejected({ code: 'agents.name_taken', name: command.name });
  const team = findTeam(state, command.team);
  if (!team) return rejected({ code: 'agents.team_not_found', team: command.team });

  const { agentId, name, profile } = command;
  const refusal = ownerRefusal(profile.owner, state);
  if (refusal) return rejected(refusal);
  return accepted({ type: 'AgentRegistered', data: { agentId, name, teamId: team.teamId, profile } });
}

function change(command: CommandOf<'ChangeAgent'>, agent: Agent, state: AgentFacts): AgentDecision {
  const team = findTeam(state, command.team ?? agent.teamId);
  if (!team) return rejected({ code: 'agents.team_not_found', team: command.team ?? agent.teamId });

  const { agentId } = agent;
  const { owner } = command.profile;
  // Who owned it and has left stays what the record says, until somebody else does.
  const refusal = owner === agent.profile.owner ? null : ownerRefusal(owner, state);
  if (refusal) return rejected(refusal);
  const [stop] = stopsLeftBy(state, { from: agent.teamId, to: team.teamId });
  if (stop) return rejected({ code: 'agents.stopped', agent: agent.name, stopId: stop.stopId });
  return accepted({ type: 'AgentChanged', data: { agentId, teamId: team.teamId, profile: command.profile } });
}

/** Words that match nobody would let whoever is meant decide about their own agent. */
function ownerRefusal(owner: string | undefined, state: AgentFacts): AgentRejection | null {
  if (owner === undefined || activeMember(state, owner as MemberId)) return null;
  return { code: 'agents.owner_not_found', owner };
}

function issue(command: CommandOf<'IssueAgentKey'>, { agentId }: Agent, { at, by }: AgentCommanded): AgentDecision {
  if (command.expiresAt !== null && command.expiresAt <= at) return rejected({ code: 'agents.key_already_expired' });

  const { type: _type, agent: _agent, ...facts } = command;
  const issuer = by?.kind === 'member' ? { issuedBy: by.id as MemberId } : {};
  return accepted({ type: 'AgentKeyIssued', data: { ...facts, agentId, ...issuer } });
}

function revoke({ keyId, reason }: CommandOf<'RevokeAgentKey'>, { agentKeys }: AgentsState): AgentDecision {
  const key = agentKeys.get(keyId);
  if (!key) return rejected({ code: 'agents.key_not_found', keyId });
  // Revoking twice is revoking once: two people in a hurry both succeed.
  return key.isRevoked
    ? accepted()
    : accepted({ type: 'AgentKeyRevoked', data: { keyId, agentId: key.agentId, reason } });
}
