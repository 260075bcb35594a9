import { DeliveryLog, type Delivery } from '@countersign/channels';
import { instant, type EndpointId, type OrganizationId } from '@countersign/kernel';
import type { NoticeContent } from '@countersign/notices';
import { inTenant, safeInteger, type Sql } from '@countersign/postgres';

/** A delivery that this process, and no other, tries now. */
export interface ClaimedDelivery {
  readonly deliveryId: string;
  readonly channel: 'mail' | 'webhook';
  readonly recipient: string;
  /** This one included. */
  readonly attempts: number;
  readonly content: NoticeContent;
  /** Its approval is no longer so that it is worth telling. */
  readonly isObsolete: boolean;
}

/** How an attempt went. `waitMs` null: it was the last. */
export type Attempt =
  | { readonly status: 'delivered' | 'obsolete'; readonly answered: number | null }
  | {
      readonly status: 'failed';
      readonly answered: number | null;
      readonly error: string;
      readonly waitMs: number | null;
    };

/** How often in a row an endpoint failed, and for how long. */
export interface Failing {
  readonly failures: number;
  readonly forMs: number;
}

/** Longer than any attempt: whoever was killed in the middle is followed by somebody else after it. */
const LEASE_MS = 60_000;

const NOW = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** Deliveries in Postgres, which says what is due by its own clock. */
export class DeliveryRows extends DeliveryLog {
  constructor(private readonly sql: Sql) {
    super();
  }

  /** Null when it is not due: it has ended, or somebody else tries it. */
  claim(organizationId: OrganizationId, deliveryId: string): Promise<ClaimedDelivery | null> {
    return inTenant(this.sql, organizationId, async (sql) => {
      const now = sql.unsafe(NOW);
      const [row] = await sql<(Omit<ClaimedDelivery, 'content'> & { content: string })[]>`
        update notices.deliveries d set attempts = d.attempts + 1, due_at = ${now} + ${LEASE_MS}::int
          from notices.notices n
         where d.organization_id = ${organizationId}::text::uuid and d.delivery_id = ${deliveryId}::text
           and d.status = 'waiting' and d.due_at <= ${now}
           and n.organization_id = d.organization_id and n.notice_id = d.notice_id
        returning d.delivery_id as "deliveryId", d.channel, d.recipient, d.attempts, n.content,
          (n.only_while is not null and not exists (
            select from enforcement.approvals a
             where a.organization_id = n.organization_id and a.approval_id = n.approval_id
               and a.status = n.only_while)) as "isObsolete"`;
      return row ? { ...row, content: JSON.parse(row.content) as NoticeContent } : null;
    });
  }

  async record(organizationId: OrganizationId, deliveryId: string, attempt: Attempt): Promise<void> {
    const isWaiting = attempt.status === 'failed' && attempt.waitMs !== null;
    const error = attempt.status === 'failed' ? attempt.error : null;
    const waitMs = isWaiting ? attempt.waitMs : null;
    await inTenant(this.sql, organizationId, (sql) => {
      const now = sql.unsafe(NOW);
      return sql`
        update notices.deliveries
           set status = ${isWaiting ? 'waiting' : attempt.status}::text, answered = ${attempt.answered}::int,
               error = ${error}::text, due_at = ${now} + ${waitMs ?? 0}::int,
               ended_at = case when ${isWaiting}::boolean then null else ${now} end
         where organization_id = ${organizationId}::text::uuid and delivery_id = ${deliveryId}::text
           and status = 'waiting'`;
    });
  }

  async endpointAnswered(organizationId: OrganizationId, endpointId: EndpointId): Promise<void> {
    await inTenant(
      this.sql,
      organizationId,
      (sql) => sql`
        delete from notices.endpoint_failures
         where organization_id = ${organizationId}::text::uuid and endpoint_id = ${endpointId}::text`,
    );
  }

  endpointFailed(organizationId: OrganizationId, endpointId: EndpointId): Promise<Failing> {
    return inTenant(this.sql, organizationId, async (sql) => {
      const now = sql.unsafe(NOW);
      const [row] = await sql<{ failures: number; since: bigint; now: bigint }[]>`
        insert into notices.endpoint_failures as f (organization_id, endpoint_id, failures, since)
        values (${organizationId}::text::uuid, ${endpointId}::text, 1, ${now})
        on conflict (organization_id, endpoint_id) do update set failures = f.failures + 1
        returning failures, since, ${now} as now`;
      return { failures: row?.failures ?? 0, forMs: row ? safeInteger(row.now - row.since) : 0 };
    });
  }

  override ofEndpoint(
    organizationId: OrganizationId,
    endpointId: EndpointId,
    { first, before }: { readonly first: number; readonly before: string | null },
  ): Promise<readonly Delivery[]> {
    return inTenant(this.sql, organizationId, async (sql) => {
      const rows = await sql<LoggedRow[]>`
        select d.delivery_id as id, n.kind, d.status, d.attempts, d.created_at, d.due_at, d.ended_at, d.answered, d.error
          from notices.deliveries d join notices.notices n using (organization_id, notice_id)
         where d.organization_id = ${organizationId}::text::uuid and d.recipient = ${endpointId}::text
           and (${before}::text is null or d.delivery_id < ${before}::text)
         order by d.delivery_id desc limit ${first}::int`;
      return rows.map(deliveryOf);
    });
  }
}

interface LoggedRow extends Omit<Delivery, 'createdAt' | 'dueAt' | 'endedAt'> {
  readonly created_at: bigint;
  readonly due_at: bigint;
  readonly ended_at: bigint | null;
}

const at = (time: bigint) => instant(safeInteger(time));

const deliveryOf = ({ created_at, due_at, ended_at, ...row }: LoggedRow): Delivery => ({
  ...row,
  createdAt: at(created_at),
  dueAt: row.status === 'waiting' ? at(due_at) : null,
  endedAt: ended_at === null ? null : at(ended_at),
});
