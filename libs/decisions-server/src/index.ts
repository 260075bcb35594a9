export { DecisionsModule, type DecisionsDependencies } from './decisions.module.ts';
