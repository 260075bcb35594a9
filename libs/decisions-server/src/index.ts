export { DirectRoutes } from './rest/direct-routes.ts';
export { DecisionsModule, type DecisionsDependencies } from './decisions.module.ts';
export { agentProblems, bodyCodes } from './rest/agent-problems.ts';
export { openapiDocument } from './rest/openapi/document.ts';
export { ExecuteCommand } from './application/execute-command.ts';
export { ReadConfiguration } from './application/read-configuration.ts';
export { ExpireHolds } from './application/expire-holds.ts';
export { SweepApprovals } from './application/sweep-approvals.ts';
