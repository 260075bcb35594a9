import { addressOfKey } from '@countersign/budgets';
import { emptyEnforcement, evolve, type AnyEvent, type BudgetOpened } from '@countersign/decisions';
import { formatAmount, type OrganizationId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { inTenant, type Sql } from '@countersign/postgres';
import { expect } from 'vitest';
import { ReadSnapshot } from './application/read-snapshot.ts';

export const policyOf = (name: string, budgets: readonly string[] = []) => `apiVersion: countersign/v1
name: ${name}
allow: ["*"]
${budgets.length === 0 ? '' : `budgets:\n${budgets.map((budget) => `  - { ${budget} }\n`).join('')}`}`;

/** A day in UTC may end while a spec runs, so what must not end is counted in months. */
export const monthly = 'name: monthly, scope: agent, unit: usd, window: month, cap: 10';

/** Every event of an organization, as folding needs it. */
export async function ledgerOf(reads: Sql, organizationId: OrganizationId) {
  const rows = await inTenant(
    reads,
    organizationId,
    (sql) => sql<EventRow[]>`
      select e.*, p.salt, p.payload from ledger.events e join ledger.payloads p using (organization_id, position, recorded_at)
       where e.organization_id = ${organizationId}::text::uuid order by e.position`,
  );
  return rows.map(toRecorded).map(({ type, content, recordedAt: at, streamVersion, actor }) => ({
    event: { type, data: JSON.parse(content?.payload ?? '') } as AnyEvent,
    at,
    streamVersion,
    actor,
  }));
}

export const openedIn = async (reads: Sql, organizationId: OrganizationId) =>
  (await ledgerOf(reads, organizationId)).flatMap(({ event }) =>
    event.type === 'BudgetOpened' ? [event.data as BudgetOpened['data']] : [],
  );

/** What is spent and held, by budget and instance. */
export async function usedIn(reads: Sql, organizationId: OrganizationId) {
  const used: Record<string, Record<string, string>> = {};
  const { state } = await new ReadSnapshot(reads).read(organizationId);
  for (const [key, { spent, held }] of state.counters) {
    const { budget = '', instance = '', unit = 'usd' } = addressOfKey(key) ?? {};
    used[budget] = { ...used[budget], [instance]: formatAmount(unit, spent + held) };
  }
  return used;
}

/** The state check: what the ledger gives is what the rows say. */
export async function expectSameState(reads: Sql, organizationId: OrganizationId) {
  const folded = emptyEnforcement();
  for (const recorded of await ledgerOf(reads, organizationId)) evolve(folded, recorded);
  const { state } = await new ReadSnapshot(reads).read(organizationId);
  for (const table of ['counters', 'holds', 'rates', 'policies', 'attachments'] as const)
    expect(Object.fromEntries<unknown>(state[table]), table).toEqual(Object.fromEntries<unknown>(folded[table]));
}
