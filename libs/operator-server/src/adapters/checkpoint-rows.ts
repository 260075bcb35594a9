import type { OrganizationId } from '@countersign/kernel';
import { safeInteger } from '@countersign/postgres';
import { Injectable } from '@nestjs/common';
import { OperatorDatabase } from './operator-database.ts';

export interface CheckpointRow {
  readonly size: number;
  readonly note: string;
}

/** Signed tree heads, as the signer stored them. */
@Injectable()
export class CheckpointRows {
  constructor(private readonly database: OperatorDatabase) {}

  async latest(organizationId: OrganizationId): Promise<CheckpointRow | null> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ size: bigint; note: string }[]>`
        select size, note from ledger.checkpoints
         where organization_id = ${organizationId} order by size desc limit 1`,
    );
    return rows.map(toCheckpoint)[0] ?? null;
  }

  /** The smallest that covers `size` events. */
  async covering(organizationId: OrganizationId, size: number): Promise<CheckpointRow | null> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ size: bigint; note: string }[]>`
        select size, note from ledger.checkpoints
         where organization_id = ${organizationId} and size >= ${String(size)}::text::bigint
         order by size limit 1`,
    );
    return rows.map(toCheckpoint)[0] ?? null;
  }

  /** Those of at most `size`, smallest first, a page at a time. */
  async *upTo(organizationId: OrganizationId, size: number): AsyncGenerator<CheckpointRow> {
    let after = -1;
    for (;;) {
      const page = await this.#page(organizationId, after, size);
      yield* page;
      const last = page.at(-1);
      if (!last) return;
      after = last.size;
    }
  }

  async #page(organizationId: OrganizationId, after: number, upTo: number): Promise<readonly CheckpointRow[]> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ size: bigint; note: string }[]>`
        select size, note from ledger.checkpoints
         where organization_id = ${organizationId} and size > ${String(after)}::text::bigint
           and size <= ${String(upTo)}::text::bigint
         order by size limit 1000`,
    );
    return rows.map(toCheckpoint);
  }
}

const toCheckpoint = ({ size, note }: { size: bigint; note: string }): CheckpointRow => ({
  size: safeInteger(size),
  note,
});
