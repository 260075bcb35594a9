import {
  approvalStream,
  dueOf,
  pendingOf,
  type Approval,
  type ApprovalEvent,
  type Grant,
} from '@countersign/approvals';
import type { PartialEnforcement } from '@countersign/decisions';
import {
  instant,
  system,
  type Actor,
  type AgentId,
  type ApprovalId,
  type Instant,
  type OrganizationId,
} from '@countersign/kernel';
import type { PipelinedTransaction } from '@countersign/postgres';
import { timesStopped, type StoppedTime } from '@countersign/stops';
import { loadApprovals, loadLiftedSince, loadOpenOf, type StreamVersions } from '../adapters/approval-rows.ts';
import type { Configuration } from './configuration.ts';
import type { Journal } from './journal.ts';

/** What one transaction works with. */
export interface AsksWork {
  readonly transaction: PipelinedTransaction;
  readonly organizationId: OrganizationId;
  readonly configuration: Configuration;
  readonly state: PartialEnforcement;
  readonly journal: Journal;
  readonly now: Instant;
}

/**
 * The approvals and grants that one transaction may touch, read under the lock when it is known that they are needed:
 * what is simply allowed reads none of them.
 */
export class OpenAsks {
  readonly #agents = new Set<AgentId>();
  readonly #versions: StreamVersions = new Map();
  /** Stops lifted after this are known. */
  #since: Instant | null = null;

  constructor(private readonly work: AsksWork) {}

  /** Whether an ask of the agent can be settled. */
  isKnown(agentId: AgentId): boolean {
    return this.#agents.has(agentId);
  }

  async loadOpenOf(agentIds: readonly AgentId[]): Promise<void> {
    const missing = [...new Set(agentIds)].filter((agentId) => !this.#agents.has(agentId));
    if (missing.length === 0) return;
    const { transaction, organizationId, state } = this.work;
    await this.adopt(await loadOpenOf(transaction, organizationId, state, missing));
    for (const agentId of missing) this.#agents.add(agentId);
  }

  async load(approvalIds: readonly ApprovalId[]): Promise<void> {
    if (approvalIds.length === 0) return;
    const { transaction, organizationId, state } = this.work;
    await this.adopt(await loadApprovals(transaction, organizationId, state, [...new Set(approvalIds)]));
  }

  /** Says that an approval is about to be opened. */
  expect(approvalId: ApprovalId): void {
    this.work.state.approvals.know([approvalId]);
  }

  /** The approval with everything that is due recorded: whoever touches it records that first. */
  current(approvalId: ApprovalId): Approval | undefined {
    const { state, now } = this.work;
    const approval = state.approvals.get(approvalId);
    if (!approval) return undefined;
    const due = dueOf(approval, this.stopsOver(approval), now);
    for (const event of due) this.record(approvalId, event);
    return due.length === 0 ? approval : state.approvals.get(approvalId);
  }

  /** The asks of an agent that wait now. */
  pendingOf(agentId: AgentId): readonly Approval[] {
    for (const { approvalId } of pendingOf(this.work.state, agentId)) this.current(approvalId);
    return pendingOf(this.work.state, agentId);
  }

  grantsOf(agentId: AgentId): readonly Grant[] {
    return [...this.work.state.grants.values()].filter((grant) => grant.agentId === agentId);
  }

  /** Records what becomes of an approval in its own stream. */
  record(approvalId: ApprovalId, event: ApprovalEvent, actor: Actor = system): number {
    const streamVersion = (this.#versions.get(approvalId) ?? 0) + 1;
    this.#versions.set(approvalId, streamVersion);
    return this.work.journal.record(event, { stream: approvalStream(approvalId), streamVersion, actor });
  }

  /** When stops covered an approval's action since it was opened. */
  stopsOver(approval: Approval): readonly StoppedTime[] {
    const { configuration, state } = this.work;
    const { stops } = configuration.state;
    return timesStopped({ stops, liftedStops: state.liftedStops }, approval, approval.openedAt);
  }

  /** Approvals that were just read. Their deadlines depend on stops that were, back to when they were opened. */
  async adopt(versions: StreamVersions): Promise<void> {
    const { transaction, organizationId, state } = this.work;
    for (const [approvalId, version] of versions)
      if (!this.#versions.has(approvalId)) this.#versions.set(approvalId, version);
    const opened = [...versions.keys()].flatMap((approvalId) => state.approvals.get(approvalId)?.openedAt ?? []);
    const since = Math.min(...opened);
    if (opened.length === 0 || (this.#since !== null && this.#since <= since)) return;
    await loadLiftedSince(transaction, organizationId, state, instant(since));
    this.#since = instant(since);
  }
}
