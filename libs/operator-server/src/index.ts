export { PrismaOperatorTokens } from './adapters/prisma-operator-tokens.ts';
export type { HoldForPeople } from './application/hold-list.ts';
export { OperatorTokens, type IssuedOperatorToken, type OperatorIdentity } from './application/operator-tokens.ts';
export type { StateReport } from './application/state-check.ts';
export { operatorProblems } from './rest/operator-problems.ts';
export { OperatorModule, type OperatorSurface } from './operator.module.ts';
