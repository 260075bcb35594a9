import { newId } from '@countersign/crypto';
import type { EnforcementState } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { routesOf, type Notice, type NoticeContent, type Presumed } from '@countersign/notices';
import { inTenant, jsonArray, plainArray, textArray, type Sql, type Transaction } from '@countersign/postgres';

/** What was made of one page, to be written if nobody else has read it meanwhile. */
export interface PlannedPage {
  readonly from: number;
  readonly to: number;
  readonly notices: readonly Notice[];
  readonly presumed: readonly Presumed[];
  readonly state: EnforcementState;
  /** False leaves mails out, where there is no server to take them. */
  readonly isMailing: boolean;
}

interface DeliveryRow {
  readonly deliveryId: string;
  readonly noticeId: string;
  readonly channel: 'mail' | 'webhook';
  readonly recipient: string;
  /** 0: at once. */
  readonly sendAt: number;
}

interface NoticeRow {
  readonly noticeId: string;
  readonly notice: Notice;
  readonly deliveries: readonly DeliveryRow[];
}

/** Writes notices with their deliveries, in the transaction that moves on: each page is written by exactly one. */
export class OutboxRows {
  constructor(
    private readonly sql: Sql,
    private readonly now: () => number,
  ) {}

  /** False when somebody else came first: nothing was written then, and nothing is lost. */
  write(organizationId: OrganizationId, page: PlannedPage): Promise<boolean> {
    return inTenant(this.sql, organizationId, async (sql) => {
      if (!(await movedOn(sql, organizationId, page))) return false;
      await this.#insert(sql, organizationId, page);
      await addUnreported(sql, organizationId, page.presumed);
      return true;
    });
  }

  /** The checkpoint of a day, once. @returns whether this was who told it */
  writeDay(organizationId: OrganizationId, day: string, page: Omit<PlannedPage, 'from' | 'to' | 'presumed'>) {
    return inTenant(this.sql, organizationId, async (sql) => {
      const [moved] = await sql`
        update notices.followed set checkpoint_day = ${day}::text
         where organization_id = ${organizationId}::text::uuid and checkpoint_day < ${day}::text returning 1 as moved`;
      if (moved) await this.#insert(sql, organizationId, page);
      return moved !== undefined;
    });
  }

  async #insert(
    sql: Transaction,
    organizationId: OrganizationId,
    { notices, state, isMailing }: Pick<PlannedPage, 'notices' | 'state' | 'isMailing'>,
  ): Promise<void> {
    const rows = notices.map((notice) => rowOf(notice, { state, isMailing, now: this.now() }));
    const wanted = rows.filter(({ deliveries }) => deliveries.length > 0);
    if (wanted.length === 0) return;
    await insertNotices(sql, organizationId, wanted);
    await insertDeliveries(
      sql,
      organizationId,
      wanted.flatMap(({ deliveries }) => deliveries),
    );
  }
}

/** Whoever waits for the other's transaction finds the position moved, and does nothing. */
async function movedOn(sql: Transaction, organizationId: OrganizationId, { from, to }: PlannedPage): Promise<boolean> {
  await sql`
    insert into notices.followed (organization_id, position, checkpoint_day)
    values (${organizationId}::text::uuid, 0, '') on conflict do nothing`;
  const [moved] = await sql`
    update notices.followed set position = ${String(to)}::text::bigint
     where organization_id = ${organizationId}::text::uuid and position = ${String(from)}::text::bigint
     returning 1 as moved`;
  return moved !== undefined;
}

interface RowFacts {
  readonly state: EnforcementState;
  readonly isMailing: boolean;
  readonly now: number;
}

/** The id of a delivery is what a receiver tells repeats by: it is made once, here. */
function rowOf(notice: Notice, { state, isMailing, now }: RowFacts): NoticeRow {
  const noticeId = newId('ntc', now);
  const { mails, endpoints } = routesOf(notice, state);
  const to = (channel: DeliveryRow['channel'], recipient: string): DeliveryRow => ({
    deliveryId: newId('msg', now),
    noticeId,
    channel,
    recipient,
    sendAt: notice.sendAt ?? 0,
  });
  const mailed = isMailing ? mails.map((member) => to('mail', member)) : [];
  return { noticeId, notice, deliveries: [...mailed, ...endpoints.map((endpoint) => to('webhook', endpoint))] };
}

/** News that is known keeps the id it had. */
async function insertNotices(sql: Transaction, organizationId: OrganizationId, rows: readonly NoticeRow[]) {
  const notices = rows.map(({ notice }) => notice);
  await sql`
    insert into notices.notices (organization_id, notice_id, key, kind, at, approval_id, only_while, content)
    select ${organizationId}::text::uuid, notice_id, key, kind, at, nullif(approval_id, ''), nullif(only_while, ''), content
      from unnest(${textArray(rows.map(({ noticeId }) => noticeId))}::text::text[],
                  ${textArray(notices.map(({ key }) => key))}::text::text[],
                  ${textArray(notices.map(({ kind }) => kind))}::text::text[],
                  ${plainArray(notices.map(({ at }) => at))}::text::bigint[],
                  ${textArray(notices.map(approvalOf))}::text::text[],
                  ${textArray(notices.map(({ onlyWhile }) => onlyWhile ?? ''))}::text::text[],
                  string_to_array(${jsonArray(notices.map(contentOf))}::text, E'\\x01'))
           as planned (notice_id, key, kind, at, approval_id, only_while, content)
    on conflict do nothing`;
}

const approvalOf = ({ news }: Notice) => ('approvalId' in news ? news.approvalId : '');

const contentOf = ({ kind, at, position, news }: Notice) =>
  JSON.stringify({ kind, at, position, news } as NoticeContent);

/** Of the notices that were new. */
async function insertDeliveries(sql: Transaction, organizationId: OrganizationId, rows: readonly DeliveryRow[]) {
  await sql`
    with clock as (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now)
    insert into notices.deliveries
      (organization_id, delivery_id, notice_id, channel, recipient, status, attempts, due_at, created_at)
    select n.organization_id, delivery_id, notice_id, channel, recipient, 'waiting', 0, greatest(send_at, now), now
      from unnest(${textArray(rows.map(({ deliveryId }) => deliveryId))}::text::text[],
                  ${textArray(rows.map(({ noticeId }) => noticeId))}::text::text[],
                  ${textArray(rows.map(({ channel }) => channel))}::text::text[],
                  ${textArray(rows.map(({ recipient }) => recipient))}::text::text[],
                  ${plainArray(rows.map(({ sendAt }) => sendAt))}::text::bigint[])
           as planned (delivery_id, notice_id, channel, recipient, send_at)
      join notices.notices n using (notice_id) cross join clock
     where n.organization_id = ${organizationId}::text::uuid`;
}

async function addUnreported(sql: Transaction, organizationId: OrganizationId, presumed: readonly Presumed[]) {
  const sums = new Map<string, bigint>();
  for (const { key, change } of presumed) sums.set(key, (sums.get(key) ?? 0n) + change);
  if (sums.size === 0) return;
  await sql`
    insert into notices.unreported (organization_id, counter_key, amount)
    select ${organizationId}::text::uuid, counter_key, amount
      from unnest(${textArray([...sums.keys()])}::text::text[], ${plainArray([...sums.values()])}::text::bigint[])
           as added (counter_key, amount)
    on conflict (organization_id, counter_key) do update set amount = unreported.amount + excluded.amount`;
}
