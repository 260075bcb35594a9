export { openIdentityDatabase, type IdentityDatabase } from './identity-database.ts';
export {
  findOperatorToken,
  issueOperatorToken,
  replaceOperatorToken,
  revokeOperatorToken,
  type KnownOperatorToken,
  type NewOperatorToken,
} from './operator-tokens.ts';
