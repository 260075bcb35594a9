import { findOperatorToken, issueOperatorToken, revokeOperatorToken, type IdentityDatabase } from '@countersign/prisma';
import { OperatorTokens, type IssuedOperatorToken, type OperatorIdentity } from '../application/operator-tokens.ts';

/** Operator tokens in `identity.operator_tokens`. */
export class PrismaOperatorTokens extends OperatorTokens {
  constructor(private readonly identity: IdentityDatabase) {
    super();
  }

  find(token: string): Promise<OperatorIdentity | null> {
    return findOperatorToken(this.identity, token);
  }

  issue(label: string): Promise<IssuedOperatorToken> {
    return issueOperatorToken(this.identity, label);
  }

  revoke(tokenId: string): Promise<boolean> {
    return revokeOperatorToken(this.identity, tokenId);
  }
}
