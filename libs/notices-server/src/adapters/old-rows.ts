import type { EnforcementState } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { inTenant, textArray, type Sql } from '@countersign/postgres';

const DAY_MS = 86_400_000;

/** How long it is known what became of a notice: as long as somebody may ask why they were not told. */
const KEPT_DAYS = 90;

/** Removes, once a day, what nobody will ask for. */
export class OldRows {
  constructor(private readonly sql: Sql) {}

  async remove(organizationId: OrganizationId, { endpoints }: EnforcementState, now: number): Promise<void> {
    const before = String(now - KEPT_DAYS * DAY_MS);
    const known = [...endpoints.values()].flatMap(({ secrets }) => secrets.map(({ secretId }) => secretId));
    await inTenant(this.sql, organizationId, async (sql) => {
      await sql`
        delete from notices.deliveries
         where organization_id = ${organizationId}::text::uuid and ended_at < ${before}::text::bigint`;
      // What budgets told is kept: a window may be longer than anything here, and each share is told once in it.
      await sql`
        delete from notices.notices n
         where n.organization_id = ${organizationId}::text::uuid and n.at < ${before}::text::bigint
           and n.kind not like 'budget.%' and not exists (
             select from notices.deliveries d
              where d.organization_id = n.organization_id and d.notice_id = n.notice_id)`;
      // One that is younger may belong to a command that is not committed yet.
      await sql`
        delete from notices.endpoint_secrets
         where organization_id = ${organizationId}::text::uuid
           and secret_id collate "C" < ${firstSecretIdAt(now - DAY_MS)}::text
           and secret_id <> all (${textArray(known)}::text::text[])`;
    });
  }
}

/** Ids begin with the time they were made at. */
const firstSecretIdAt = (at: number) => `whs_${at.toString(16).padStart(12, '0')}`;
