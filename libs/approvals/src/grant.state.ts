import type { AgentId, ApprovalId, GrantId, Instant, MemberId } from '@countersign/kernel';
import type { Counted } from './approval.state.ts';

/** `used_up`, `revoked` and `lapsed` are final. */
export type GrantStatus = 'standing' | 'used_up' | 'revoked' | 'lapsed';

/** A standing permission, as plain JSON. */
export interface Grant {
  readonly grantId: GrantId;
  readonly approvalId: ApprovalId;
  readonly agentId: AgentId;
  readonly onBehalfOf: MemberId | null;
  /** Its givers, and the teams each counts for. */
  readonly counted: readonly Counted[];
  readonly rules: readonly string[];
  readonly pattern: string;
  readonly when: string | null;
  readonly usesLeft: number;
  /** What it was given for in all; decimal USD. */
  readonly maxUsd: string;
  /** Decimal USD. */
  readonly usdLeft: string;
  readonly expiresAt: Instant;
  readonly status: GrantStatus;
}
