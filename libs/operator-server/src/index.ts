export { PrismaOperatorTokens } from './adapters/prisma-operator-tokens.ts';
export { OperatorTokens, type IssuedOperatorToken, type OperatorIdentity } from './application/operator-tokens.ts';
export { OperatorModule, type OperatorSurface } from './operator.module.ts';
