import { addressOfKey, type Counter, type CounterKey } from '@countersign/budgets';
import { loadHold, type Hold } from '@countersign/decisions';
import { instant, type DecisionId, type Instant, type OrganizationId } from '@countersign/kernel';
import { safeInteger, textArray } from '@countersign/postgres';
import { Injectable } from '@nestjs/common';
import type { CounterRow } from '../application/budget-lines.ts';
import { ReadingDatabase } from './reading-database.ts';

/** One transaction reads so many rows; the next page is another one, so that no snapshot stays open for long. */
const PAGE_ROWS = 5_000;

/** Counters, open holds and the uses of keys, as the last commit left them. */
@Injectable()
export class MoneyRows {
  constructor(private readonly database: ReadingDatabase) {}

  /** The database's clock: which window runs is its question, not this process's (I14). */
  async now(): Promise<Instant> {
    const [row] = await this.database.reads<{ now: bigint }[]>`
      select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
    return instant(safeInteger(row?.now ?? 0n));
  }

  /** Every counter, a page at a time, in the order of their keys. */
  async *counters(organizationId: OrganizationId): AsyncGenerator<CounterRow> {
    let after = '';
    for (;;) {
      const rows = await this.#counterPage(organizationId, after);
      yield* rows.flatMap(({ key, spent, held }) => {
        const address = addressOfKey(key);
        return address ? [{ address, counter: { spent, held } }] : [];
      });
      if (rows.length < PAGE_ROWS) return;
      after = rows.at(-1)?.key ?? '';
    }
  }

  #counterPage(organizationId: OrganizationId, after: string) {
    return this.database.inTenant(
      organizationId,
      (sql) => sql<{ key: string; spent: bigint; held: bigint }[]>`
        select key, spent, held from enforcement.budget_counters
         where organization_id = ${organizationId} and key > ${after} order by key limit ${PAGE_ROWS}`,
    );
  }

  /** Those of these keys that something was counted in. */
  async countersOf(
    organizationId: OrganizationId,
    keys: readonly CounterKey[],
  ): Promise<ReadonlyMap<CounterKey, Counter>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ key: CounterKey; spent: bigint; held: bigint }[]>`
        select key, spent, held from enforcement.budget_counters
         where organization_id = ${organizationId} and key = any (${textArray(keys)}::text::text[])`,
    );
    return new Map(rows.map(({ key, spent, held }) => [key, { spent, held }]));
  }

  /** The holds that expire first, at most `limit`. */
  async openHolds(
    organizationId: OrganizationId,
    limit: number,
  ): Promise<readonly (Hold & { decisionId: DecisionId })[]> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ decisionId: string; expiresAt: bigint; entries: string }[]>`
        select decision_id as "decisionId", expires_at as "expiresAt", entries from enforcement.holds
         where organization_id = ${organizationId} order by expires_at, decision_id limit ${limit}`,
    );
    return rows.map(({ decisionId, expiresAt, entries }) => ({
      ...loadHold(entries, instant(safeInteger(expiresAt))),
      decisionId: decisionId as DecisionId,
    }));
  }

  /** When each key was last seen, coarsely; a key that never was is absent. */
  async keyUses(organizationId: OrganizationId): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.database.inTenant(
      organizationId,
      (sql) => sql<{ keyId: string; at: bigint }[]>`
        select key_id as "keyId", last_used_at as at from enforcement.agent_key_uses
         where organization_id = ${organizationId}`,
    );
    return new Map(rows.map(({ keyId, at }) => [keyId, instant(safeInteger(at))]));
  }
}
