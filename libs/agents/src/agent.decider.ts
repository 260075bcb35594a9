import { findTeam, type IdentityState } from '@countersign/identity';
import { accepted, rejected, unreachable, type Decided, type Instant } from '@countersign/kernel';
import type { AgentCommand } from './agent.commands.ts';
import type { AgentEvent } from './agent.events.ts';
import type { AgentRejection } from './agent.rejections.ts';
import { findAgent, type Agent, type AgentsState } from './agent.state.ts';

type AgentDecision = Decided<AgentEvent, AgentRejection>;
type CommandOf<Type> = Extract<AgentCommand, { type: Type }>;

/** What may happen to agents and their keys, judged under the organization's head lock. */
export function decideAgent(command: AgentCommand, state: AgentsState & IdentityState, at: Instant): AgentDecision {
  switch (command.type) {
    case 'RegisterAgent':
      return register(command, state);
    case 'RevokeAgentKey':
      return revoke(command, state);
    default: {
      const agent = findAgent(state, command.agent);
      return agent
        ? decideAboutAgent(command, agent, state, at)
        : rejected({ code: 'agents.not_found', agent: command.agent });
    }
  }
}

function decideAboutAgent(
  command: CommandOf<'ChangeAgent' | 'RetireAgent' | 'IssueAgentKey'>,
  agent: Agent,
  state: IdentityState,
  at: Instant,
): AgentDecision {
  if (agent.status === 'retired')
    return command.type === 'RetireAgent' ? accepted() : rejected({ code: 'agents.retired', agent: agent.name });

  switch (command.type) {
    case 'ChangeAgent':
      return change(command, agent, state);
    case 'RetireAgent':
      return accepted({ type: 'AgentRetired', data: { agentId: agent.agentId, reason: command.reason } });
    case 'IssueAgentKey':
      return issue(command, agent, at);
    default:
      return unreachable(command);
  }
}

function register(command: CommandOf<'RegisterAgent'>, state: AgentsState & IdentityState): AgentDecision {
  if (findAgent(state, command.name)) return rejected({ code: 'agents.name_taken', name: command.name });
  const team = findTeam(state, command.team);
  if (!team) return rejected({ code: 'agents.team_not_found', team: command.team });

  const { agentId, name, profile } = command;
  return accepted({ type: 'AgentRegistered', data: { agentId, name, teamId: team.teamId, profile } });
}

function change(command: CommandOf<'ChangeAgent'>, agent: Agent, state: IdentityState): AgentDecision {
  const team = findTeam(state, command.team ?? agent.teamId);
  if (!team) return rejected({ code: 'agents.team_not_found', team: command.team ?? agent.teamId });

  const { agentId } = agent;
  return accepted({ type: 'AgentChanged', data: { agentId, teamId: team.teamId, profile: command.profile } });
}

function issue(command: CommandOf<'IssueAgentKey'>, { agentId }: Agent, at: Instant): AgentDecision {
  if (command.expiresAt !== null && command.expiresAt <= at) return rejected({ code: 'agents.key_already_expired' });

  const { type: _type, agent: _agent, ...facts } = command;
  return accepted({ type: 'AgentKeyIssued', data: { ...facts, agentId } });
}

function revoke({ keyId, reason }: CommandOf<'RevokeAgentKey'>, { agentKeys }: AgentsState): AgentDecision {
  const key = agentKeys.get(keyId);
  if (!key) return rejected({ code: 'agents.key_not_found', keyId });
  // Revoking twice is revoking once: two people in a hurry both succeed.
  return key.isRevoked
    ? accepted()
    : accepted({ type: 'AgentKeyRevoked', data: { keyId, agentId: key.agentId, reason } });
}
