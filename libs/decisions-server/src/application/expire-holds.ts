import { counterKey } from '@countersign/budgets';
import { partialEnforcement } from '@countersign/decisions';
import { system, type OrganizationId } from '@countersign/kernel';
import type { Additions, HeadTransactions, HeadWork, LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction, Sql } from '@countersign/postgres';
import { loadRows, writeTouched, type Row } from '../adapters/enforcement-table.ts';
import { streamOf } from '../adapters/histories.ts';
import { loadMoney } from '../adapters/money-rows.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';
import { holdTable } from '../adapters/money-tables.ts';
import { Journal } from './journal.ts';

/** The most holds one transaction expires: nobody who decides should wait long for a sweep. */
const EXPIRED_MAX = 500;

/** How many organizations one look finds. */
const ORGANIZATIONS_MAX = 100;

/** Settles what nobody reported in time, at what was held. Losing a sweep delays the events and nothing else. */
export class ExpireHolds {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
  ) {}

  /** Expires everything that is due now, in every organization; gives how many holds that were. */
  async sweep(): Promise<number> {
    const due = await this.sql<{ organization_id: OrganizationId }[]>`
      select organization_id from enforcement.organizations_due(floor(extract(epoch from clock_timestamp()) * 1000)::bigint, ${ORGANIZATIONS_MAX})`;
    let expired = 0;
    for (const { organization_id } of due) expired += await this.#expireAllOf(organization_id);
    return expired;
  }

  async #expireAllOf(organizationId: OrganizationId): Promise<number> {
    let expired = 0;
    for (;;) {
      const count = await this.transactions.run(this.sql, organizationId, new ExpiryWork());
      expired += count;
      if (count < EXPIRED_MAX) return expired;
    }
  }
}

class ExpiryWork implements HeadWork<[], number> {
  load(): [] {
    return [];
  }

  async decide(
    { organizationId, now }: LockedHead,
    _: [],
    transaction: PipelinedTransaction,
  ): Promise<Additions<number>> {
    const { sql, send } = transaction;
    const rows = await send(sql<Row[]>`
      select decision_id, expires_at, entries from enforcement.holds
       where organization_id = ${organizationId}::text::uuid and expires_at <= ${String(now)}::text::bigint
       order by expires_at limit ${EXPIRED_MAX}`);
    const money = partialEnforcement();
    loadRows(holdTable, money, rows);
    const holds = [...money.holds];
    const counters = holds.flatMap(([, { entries }]) => entries.map(counterKey));
    await loadMoney(transaction, organizationId, money, { counters, rates: [], holds: [] });

    const journal = new Journal(money, now);
    for (const [decisionId, { expiresAt, streamVersion }] of holds)
      journal.record(
        { type: 'HoldExpired', data: { decisionId, expiredAt: expiresAt } },
        { stream: streamOf(decisionId), streamVersion: streamVersion + 1, actor: system },
      );
    return {
      events: journal.events,
      configurationIndex: -1,
      requestKeys: [],
      write: (writing) => keyedTables.flatMap((table) => writeTouched(writing, organizationId, table, money)),
      result: () => holds.length,
    };
  }
}
