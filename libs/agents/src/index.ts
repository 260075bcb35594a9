export { AgentAttempts } from './agent-attempts.ts';
export { AgentCommand } from './agent.commands.ts';
export { decideAgent } from './agent.decider.ts';
export { agentEvents, AgentKeyScope, type AgentEvent } from './agent.events.ts';
export { AgentProfile } from './agent.profile.ts';
export { agentRejectionCodes, type AgentRejection } from './agent.rejections.ts';
export { agentDemand, agentRights } from './agent.rights.ts';
export {
  emptyAgents,
  evolveAgents,
  findAgent,
  keyRefusal,
  type Agent,
  type AgentKey,
  type AgentsState,
} from './agent.state.ts';
