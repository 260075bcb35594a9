import type { Approval } from '@countersign/approvals';
import type { CounterKey } from '@countersign/budgets';
import { decisionStream, type AnyEvent, type BudgetFigure } from '@countersign/decisions';
import type { ApprovalId, DecisionId, OrganizationId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { tellingTypes, type ToldEvent } from '@countersign/notices';
import { inTenant, safeInteger, textArray, type Sql, type Transaction } from '@countersign/postgres';

/** Positions that are read at once: a moment's work, and no transaction that lasts. */
const PAGE_POSITIONS = 1_000;

/** What stands in a ledger behind where it was last read up to. */
export interface LedgerPage {
  /** Positions [from, to). */
  readonly from: number;
  readonly to: number;
  /** Of the types that can make a notice; what was erased is left out. */
  readonly events: readonly ToldEvent[];
}

type Allowed = Extract<AnyEvent, { type: 'ActionDecided' | 'TakeDecided' | 'ExtensionDecided' }>;

/** Reads what notices are made of, without any lock. */
export class LedgerPages {
  constructor(private readonly reads: Sql) {}

  next(organizationId: OrganizationId): Promise<LedgerPage> {
    return inTenant(this.reads, organizationId, async (sql) => {
      const [row] = await sql<{ size: bigint; position: bigint }[]>`
        select h.size, coalesce(f.position, 0) as position from ledger.heads h
          left join notices.followed f using (organization_id)
         where h.organization_id = ${organizationId}::text::uuid`;
      const from = safeInteger(row?.position ?? 0n);
      const to = Math.min(safeInteger(row?.size ?? 0n), from + PAGE_POSITIONS);
      return { from, to, events: from < to ? await eventsIn(sql, organizationId, from, to) : [] };
    });
  }

  async approvals(
    organizationId: OrganizationId,
    ids: readonly ApprovalId[],
  ): Promise<ReadonlyMap<ApprovalId, Approval>> {
    if (ids.length === 0) return new Map();
    const rows = await inTenant(
      this.reads,
      organizationId,
      (sql) => sql<{ approval_id: ApprovalId; agent_id: string; status: string; details: string }[]>`
        select approval_id, agent_id, status, details from enforcement.approvals
         where organization_id = ${organizationId}::text::uuid and approval_id = any (${textArray(ids)}::text::text[])`,
    );
    return new Map(
      rows.map(({ approval_id, agent_id, status, details }) => [
        approval_id,
        { ...(JSON.parse(details) as Approval), agentId: agent_id, status } as Approval,
      ]),
    );
  }

  /** What each decision set aside, by its allow, its take and its extensions. */
  async held(
    organizationId: OrganizationId,
    ids: readonly DecisionId[],
  ): Promise<ReadonlyMap<DecisionId, readonly BudgetFigure[]>> {
    if (ids.length === 0) return new Map();
    const streams = textArray(ids.map(decisionStream));
    const rows = await inTenant(
      this.reads,
      organizationId,
      (sql) => sql<EventRow[]>`
        select e.*, p.salt, p.payload from ledger.events e
          join ledger.payloads p using (organization_id, position, recorded_at)
         where e.organization_id = ${organizationId}::text::uuid and e.stream = any (${streams}::text::text[])
           and e.type in ('ActionDecided', 'TakeDecided', 'ExtensionDecided') order by e.position`,
    );
    const held = new Map<DecisionId, readonly BudgetFigure[]>();
    for (const { event } of rows.flatMap(toldOf) as readonly { readonly event: Allowed }[]) {
      const { decisionId, verdict, budgets } = event.data;
      if (verdict === 'allow') held.set(decisionId, [...(held.get(decisionId) ?? []), ...budgets]);
    }
    return held;
  }

  async unreported(
    organizationId: OrganizationId,
    keys: readonly CounterKey[],
  ): Promise<ReadonlyMap<CounterKey, bigint>> {
    if (keys.length === 0) return new Map();
    const rows = await inTenant(
      this.reads,
      organizationId,
      (sql) => sql<{ counter_key: CounterKey; amount: bigint }[]>`
        select counter_key, amount from notices.unreported
         where organization_id = ${organizationId}::text::uuid
           and counter_key = any (${textArray(keys)}::text::text[])`,
    );
    return new Map(rows.map(({ counter_key, amount }) => [counter_key, amount]));
  }
}

async function eventsIn(
  sql: Transaction,
  organizationId: OrganizationId,
  from: number,
  to: number,
): Promise<readonly ToldEvent[]> {
  const rows = await sql<EventRow[]>`
    select e.*, p.salt, p.payload from ledger.events e
      join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organizationId}::text::uuid
       and e.position >= ${String(from)}::text::bigint and e.position < ${String(to)}::text::bigint
       and e.type = any (${textArray(tellingTypes)}::text::text[])
     order by e.position`;
  return rows.flatMap(toldOf);
}

function toldOf(row: EventRow): ToldEvent[] {
  const { type, content, position, recordedAt: at, actor } = toRecorded(row);
  if (!content) return [];
  return [{ event: { type, data: JSON.parse(content.payload) as unknown } as AnyEvent, position, at, actor }];
}
