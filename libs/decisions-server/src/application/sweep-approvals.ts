import { instant, type ApprovalId, type Instant, type OrganizationId } from '@countersign/kernel';
import type { Additions, HeadTransactions, HeadWork, LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction, Sql } from '@countersign/postgres';
import { loadApprovalRows, selectDueApprovals } from '../adapters/approval-rows.ts';
import { grantTable } from '../adapters/approval-tables.ts';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { loadRows, writeTouched, type Row } from '../adapters/enforcement-table.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';
import { CompiledPolicies, Configuration } from './configuration.ts';
import { lapse } from './grant-lapses.ts';
import { Journal } from './journal.ts';
import { OpenAsks } from './open-asks.ts';

/** The most approvals one transaction looks at: nobody who decides should wait long for a sweep. */
const LOOKED_MAX = 500;

/** How many organizations one look finds. */
const ORGANIZATIONS_MAX = 100;

const FIRST_ORGANIZATION = '00000000-0000-0000-0000-000000000000' as OrganizationId;

/**
 * Records what time has brought about: reminders, escalations, expiries, and the lapses of permits and grants. Losing a
 * sweep delays the events and nothing else, because whoever touches one of them judges its time anyway.
 */
export class SweepApprovals {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
  ) {}

  /** Everything that is due now, in every organization; gives how many events that were. */
  async sweep(): Promise<number> {
    let recorded = 0;
    for (let beyond: OrganizationId | null = FIRST_ORGANIZATION; beyond !== null;) {
      const due: readonly { organization_id: OrganizationId }[] = await this.sql<{ organization_id: OrganizationId }[]>`
        select organization_id from enforcement.organizations_waiting(
          floor(extract(epoch from clock_timestamp()) * 1000)::bigint, ${beyond}::text::uuid, ${ORGANIZATIONS_MAX})`;
      for (const { organization_id } of due) recorded += await this.#sweepOne(organization_id);
      beyond = due.length < ORGANIZATIONS_MAX ? null : (due.at(-1)?.organization_id ?? null);
    }
    return recorded;
  }

  /** Page by page, because what looks due may be kept from it by a stop, and must not hide what is. */
  async #sweepOne(organizationId: OrganizationId): Promise<number> {
    let recorded = 0;
    let beyond: Swept['last'] = [instant(0), ''];
    for (;;) {
      const swept: Swept = await this.transactions.run(this.sql, organizationId, new SweepWork(beyond));
      recorded += swept.recorded;
      if (swept.looked < LOOKED_MAX) return recorded;
      beyond = swept.last;
    }
  }
}

interface Swept {
  readonly recorded: number;
  readonly looked: number;
  readonly last: readonly [Instant, string];
}

class SweepWork implements HeadWork<[], Swept> {
  constructor(private readonly beyond: Swept['last']) {}

  load(): [] {
    return [];
  }

  async decide(head: LockedHead, _: [], transaction: PipelinedTransaction): Promise<Additions<Swept>> {
    const { organizationId, now, epoch } = head;
    const { sql, send } = transaction;
    const state = await readConfiguration(transaction, organizationId);
    const compiled = new CompiledPolicies();
    const configuration = new Configuration(organizationId, epoch, state, compiled);
    const journal = new Journal(state, now);
    const asks = new OpenAsks({ transaction, organizationId, configuration, state, journal, now });
    const rows = await send(selectDueApprovals(sql, organizationId, { now, beyond: this.beyond, most: LOOKED_MAX }));
    await asks.adopt(loadApprovalRows(state, rows));
    for (const { approval_id } of rows) asks.current(approval_id as ApprovalId);

    const grants = await send(sql<Row[]>`
      select grant_id, agent_id, status, details from enforcement.grants
       where organization_id = ${organizationId}::text::uuid and status = 'standing'
         and expires_at <= ${String(now)}::text::bigint order by expires_at limit ${LOOKED_MAX}`);
    loadRows(grantTable, state, grants);
    lapse([...state.grants.values()], { head, state, journal, compiled });

    const last = rows.at(-1);
    const { length: recorded } = journal.events;
    return {
      events: journal.events,
      configurationIndex: -1,
      requestKeys: [],
      write: (writing) => keyedTables.flatMap((table) => writeTouched(writing, organizationId, table, state)),
      result: () => ({
        recorded,
        looked: rows.length,
        last: last ? [instant(Number(last['due_at'])), String(last['approval_id'])] : this.beyond,
      }),
    };
  }
}
