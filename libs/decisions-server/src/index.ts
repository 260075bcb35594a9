export { DecisionsModule, type DecisionsDependencies } from './decisions.module.ts';
export { ExpireHolds } from './application/expire-holds.ts';
