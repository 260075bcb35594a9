export { DecisionsModule, type DecisionsDependencies } from './decisions.module.ts';
export { agentProblems, bodyCodes } from './rest/agent-problems.ts';
export { openapiDocument } from './rest/openapi/document.ts';
export { ExpireHolds } from './application/expire-holds.ts';
