import { emptyEnforcement, evolve, type AnyEvent, type EnforcementState } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { inTenant } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadSnapshot } from './application/read-snapshot.ts';
import { openProcess, type TestProcess } from './decisions.mother.ts';
import { openStage, type Stage } from './played-history.mother.ts';
import { randomHistories, type Step } from './random-history.mother.ts';

/**
 * A case is a short random history that is appended to the long one of its organization, after which every row is
 * compared. So a case begins where others ended, with holds that run out meanwhile, and nothing shrinks: a failure names
 * the seed and shows the steps since the rows last agreed.
 */
const ORGANIZATIONS = 20;
const CASES = 1_000;

const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let database: TestDatabase;
let replicas: [TestProcess, TestProcess];
beforeAll(async () => {
  database = await openDatabase();
  replicas = [openProcess(database.appUrl), openProcess(database.appUrl)];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.end()));
  await database.drop();
});

/** The fold of an organization's ledger, brought up to date by what was appended since. */
class Fold {
  readonly state: EnforcementState = emptyEnforcement();
  #next = 0;

  constructor(private readonly organizationId: OrganizationId) {}

  async catchUp(): Promise<void> {
    const { organizationId } = this;
    const rows = await inTenant(
      replicas[0].pools.reads,
      organizationId,
      (sql) => sql<EventRow[]>`
        select e.*, p.salt, p.payload from ledger.events e join ledger.payloads p using (organization_id, position, recorded_at)
         where e.organization_id = ${organizationId}::text::uuid and e.position >= ${String(this.#next)}::text::bigint
         order by e.position`,
    );
    for (const { type, content, recordedAt: at, streamVersion } of rows.map(toRecorded))
      evolve(this.state, { event: { type, data: JSON.parse(content?.payload ?? '') } as AnyEvent, at, streamVersion });
    this.#next += rows.length;
  }
}

const rowsOf = (state: EnforcementState) =>
  Object.fromEntries(
    Object.entries(state).map(([table, rows]) => [
      table,
      Object.fromEntries<unknown>(rows as ReadonlyMap<string, unknown>),
    ]),
  );

async function playAll(stage: Stage, cases: readonly (readonly Step[])[]): Promise<number> {
  const fold = new Fold(stage.organizationId);
  for (const [index, steps] of cases.entries()) {
    const told = () => `FC_SEED=${seed}, case ${index} of its organization: ${JSON.stringify(steps)}`;
    for (const step of steps)
      await stage.play(step).catch((error: unknown) => {
        throw new Error(`${told()} failed`, { cause: error });
      });
    await fold.catchUp();
    const { state } = await new ReadSnapshot(replicas[0].pools.reads).read(stage.organizationId);
    expect(rowsOf(state), told()).toEqual(rowsOf(fold.state));
  }
  return cases.length;
}

describe('any history', () => {
  it('folding the ledger gives the enforcement state', { timeout: 240_000 }, async () => {
    const histories = randomHistories(CASES, seed);
    const each = CASES / ORGANIZATIONS;
    const tally = new Map<string, number>();
    let compared = 0;
    for (let from = 0; from < CASES; from += each) {
      const stage = await openStage(replicas);
      compared += await playAll(stage, histories.slice(from, from + each));
      for (const [key, count] of stage.tally) tally.set(key, (tally.get(key) ?? 0) + count);
    }
    console.info(`folding the ledger gives the enforcement state: ${compared} cases, FC_SEED=${seed}`);
    console.info(
      [...tally]
        .map(([key, count]) => `${key} ${count}`)
        .sort()
        .join(', '),
    );
    expect(compared).toBe(CASES);
    expectEverythingHappened(tally);
  });
});

/** Random histories in which something never happens prove nothing about it. */
function expectEverythingHappened(tally: ReadonlyMap<string, number>): void {
  const wanted = [
    ...['verdict: allow', 'verdict: ask', 'verdict: block', 'report: refused', 'extend: allow', 'extend: block'],
    ...['correct: accepted', 'publish: accepted', 'attach: accepted', 'detach: accepted', 'move: accepted'],
    ...['revoke: accepted', 'zone: accepted', 'expire: some'],
  ];
  expect(wanted.filter((key) => (tally.get(key) ?? 0) === 0)).toEqual([]);
}
