import { Configurations, decisionStream, type EnforcementState } from '@countersign/decisions';
import { toIso, type DecisionId, type OrganizationId } from '@countersign/kernel';
import { Ledger, type RecordedEvent } from '@countersign/ledger';
import type { Receipt } from '@countersign/ledger/export';
import { LedgerAccess } from '@countersign/ledger-server';
import { Injectable } from '@nestjs/common';
import { readDecided, wholeDecision, type WholeDecision } from './decision-for-people.ts';

/** What happened to a decision after it was made. */
export interface LaterEvent {
  readonly type: string;
  readonly position: number;
  readonly recordedAt: string;
  readonly by: string;
  /** Null once erased. */
  readonly data: unknown;
}

export type DecisionRecord =
  | { readonly isErased: false; readonly decision: WholeDecision; readonly after: readonly LaterEvent[] }
  | { readonly isErased: true; readonly position: number; readonly after: readonly LaterEvent[] };

/** Everything recorded of one decision, and the proof that it is recorded. */
@Injectable()
export class DecisionRecords {
  constructor(
    private readonly ledger: Ledger,
    private readonly configurations: Configurations,
    private readonly access: LedgerAccess,
  ) {}

  /** Null for a decision that this organization never made. */
  async find(organizationId: OrganizationId, decisionId: DecisionId): Promise<DecisionRecord | null> {
    const [first, ...later] = await this.ledger.readStream(organizationId, decisionStream(decisionId));
    if (!first) return null;
    const { state } = await this.configurations.read(organizationId);
    return recordOf(first, later, state);
  }

  /** Null for an unknown decision; `unsigned` when no checkpoint covers it within two seconds. */
  receipt(organizationId: OrganizationId, decisionId: DecisionId): Promise<Receipt | 'unsigned' | null> {
    return this.access.receiptOfStream(organizationId, decisionStream(decisionId));
  }
}

function recordOf(first: RecordedEvent, later: readonly RecordedEvent[], state: EnforcementState): DecisionRecord {
  const after = later.map(({ type, position, recordedAt, actor, content }) => ({
    type,
    position,
    recordedAt: toIso(recordedAt),
    by: actor.id,
    data: content && (JSON.parse(content.payload) as unknown),
  }));
  const { position, recordedAt: at, content } = first;
  if (!content) return { isErased: true, position, after };
  return {
    isErased: false,
    decision: wholeDecision({ position, at, decided: readDecided(content.payload) }, state),
    after,
  };
}
