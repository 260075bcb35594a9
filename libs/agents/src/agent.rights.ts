import { findTeam, type Demand, type IdentityState, type OperationRights, type Target } from '@countersign/identity';
import type { TeamId } from '@countersign/kernel';
import type { AgentCommand } from './agent.commands.ts';
import { findAgent, type AgentsState } from './agent.state.ts';

const manage = { right: 'agents:manage', on: ['agent', 'organization'] } as const;

/** What each command about agents asks of whoever gives it. */
export const agentRights = {
  RegisterAgent: manage,
  ChangeAgent: manage,
  RetireAgent: manage,
  IssueAgentKey: manage,
  RevokeAgentKey: manage,
} as const satisfies OperationRights<AgentCommand['type']>;

/**
 * An agent counts as one of its team's; a move is about the team it leaves and the one it comes to. What does not exist
 * is the organization's: only who may everything there is told that it is absent, everybody else is refused.
 */
export function agentDemand(command: AgentCommand, state: AgentsState & IdentityState): Demand {
  const self = state.organization.get('self');
  if (!self) return { asks: agentRights[command.type], targets: [] };
  const { organizationId } = self;
  const targets = teamsOf(command, state).map((teamId): Target =>
    teamId ? { kind: 'agent', organizationId, teamId } : { kind: 'organization', organizationId },
  );
  return { asks: agentRights[command.type], targets };
}

function teamsOf(command: AgentCommand, state: AgentsState & IdentityState): readonly (TeamId | undefined)[] {
  switch (command.type) {
    case 'RegisterAgent':
      return [findTeam(state, command.team)?.teamId];
    case 'RevokeAgentKey': {
      const key = state.agentKeys.get(command.keyId);
      return [key && state.agents.get(key.agentId)?.teamId];
    }
    case 'ChangeAgent':
      return command.team === undefined
        ? [teamOfAgent(command, state)]
        : [teamOfAgent(command, state), findTeam(state, command.team)?.teamId];
    default:
      return [teamOfAgent(command, state)];
  }
}

const teamOfAgent = ({ agent }: { readonly agent: string }, state: AgentsState) => findAgent(state, agent)?.teamId;
