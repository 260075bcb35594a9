import { nodeCrypto } from '@countersign/crypto';
import { Configurations, type EnforcementState } from '@countersign/decisions';
import { toIso, type OrganizationId } from '@countersign/kernel';
import { Ledger, type RecordedEvent } from '@countersign/ledger';
import { formatVkey, parseCheckpoint, rangeFor } from '@countersign/ledger/checkpoint';
import { receiptOf, type Receipt } from '@countersign/ledger/export';
import { Injectable } from '@nestjs/common';
import { CheckpointRows, type CheckpointRow } from '../adapters/checkpoint-rows.ts';
import { coveringCheckpoint } from './covering-checkpoint.ts';
import { readDecided, wholeDecision, type WholeDecision } from './decision-for-people.ts';
import { LedgerExport } from './ledger-export.ts';

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
    private readonly checkpoints: CheckpointRows,
    private readonly exporter: LedgerExport,
  ) {}

  /** Null for a decision that this organization never made. */
  async find(organizationId: OrganizationId, decisionId: string): Promise<DecisionRecord | null> {
    const [first, ...later] = await this.ledger.readStream(organizationId, `decision-${decisionId}`);
    if (!first) return null;
    const { state } = await this.configurations.read(organizationId);
    return recordOf(first, later, state);
  }

  /** Null for an unknown decision; `unsigned` when no checkpoint covers it in time. */
  async receipt(organizationId: OrganizationId, decisionId: string): Promise<Receipt | 'unsigned' | null> {
    const [event] = await this.ledger.readStream(organizationId, `decision-${decisionId}`);
    if (!event) return null;
    const checkpoint = await coveringCheckpoint(this.checkpoints, organizationId, event.position + 1);
    if (!checkpoint) return 'unsigned';

    const [inclusion, vkey] = await Promise.all([
      this.ledger.inclusionProof(organizationId, event.position, checkpoint.size),
      this.#signerOf(organizationId, checkpoint),
    ]);
    return receiptOf(nodeCrypto, { event, inclusion, checkpoint: checkpoint.note, vkey });
  }

  async #signerOf(organizationId: OrganizationId, { note, size }: CheckpointRow): Promise<string> {
    const ring = await this.exporter.keyRing(organizationId, size);
    const checkpoint = parseCheckpoint(note);
    const range = checkpoint.signatures.flatMap((signature) => rangeFor(ring, checkpoint, signature) ?? [])[0];
    if (!range) throw new Error(`no key of the ledger signed its checkpoint of size ${size}`);
    return formatVkey(range.key);
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
