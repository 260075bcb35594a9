import { ada, newEvent, newOrganizationId } from '@countersign/ledger-testing';
import type { Sql } from '@countersign/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLedgers } from './ledgers.mother.ts';
import { preparePayloadMonths } from './payload-months.ts';

const ledgers = openLedgers();
const organization = newOrganizationId();

const TABLES = ['heads', 'events', 'payloads', 'tiles', 'nodes', 'checkpoints', 'request_keys'];
let partitions: readonly string[] = [];

beforeAll(async () => {
  const { ledger, open, as } = ledgers();
  await preparePayloadMonths(ledgers().pools.commands);
  await open(organization);
  const events = Array.from({ length: 300 }, (_, index) => newEvent({ stream: 'order-1', streamVersion: index + 1 }));
  await ledger.append(organization, events);
  const rows = await as.owner<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits
     where inhparent in ('ledger.events'::regclass, 'ledger.payloads'::regclass) order by 1`;
  partitions = rows.map(({ name }) => name);
});

/** Runs one statement as the tenant, in a transaction that is rolled back, and gives how it was refused. */
async function refusalOf(sql: Sql, statement: string): Promise<string> {
  const attempt = sql.begin(async (transaction) => {
    await transaction`select set_config('countersign.tenant', ${organization}, true)`;
    await transaction.unsafe(statement);
    throw new Error(`allowed: ${statement}`);
  });
  return attempt.then(
    () => 'allowed',
    (error: Error) => error.message,
  );
}

const asApp = (statement: string) => refusalOf(ledgers().as.app, statement);
const asOwner = (statement: string) => refusalOf(ledgers().as.owner, statement);

const REFUSED = /permission denied|is refused|must be owner/;

const insertEvent = (into: string, position: number, streamVersion: number) => `
  insert into ${into} (organization_id, position, id, stream, stream_version, type, schema_version, actor_kind, actor_id,
                       actor_method, actor_credential, recorded_at, commitment)
  values ('${organization}', ${position}, gen_random_uuid(), 'order-1', ${streamVersion}, 'RefundIssued', 1, 'member', 'ada',
          'session', 's', 1, decode(repeat('00', 32), 'hex'))`;

describe('I9: the app role', () => {
  it('can change, delete or truncate nothing that was recorded', async () => {
    for (const table of TABLES) {
      if (table !== 'heads')
        expect(await asApp(`update ledger.${table} set organization_id = organization_id`)).toMatch(REFUSED);
      expect(await asApp(`delete from ledger.${table}`)).toMatch(REFUSED);
      expect(await asApp(`truncate ledger.${table}`)).toMatch(REFUSED);
    }
  });

  it('can neither read nor write a partition directly', async () => {
    expect(partitions).toHaveLength(8 + 1 + 3);
    for (const partition of partitions) {
      expect(await asApp(`select from ${partition}`)).toMatch(/permission denied/);
      expect(await asApp(`insert into ${partition} default values`)).toMatch(/permission denied/);
      expect(await asApp(`delete from ${partition}`)).toMatch(/permission denied/);
    }
  });

  it('cannot leave a gap, between statements or inside one', async () => {
    expect(await asApp(insertEvent('ledger.events', 301, 301))).toMatch(/gapless/);
    const two = insertEvent('ledger.events', 300, 301).replace(
      /$/,
      `, ('${organization}', 302, gen_random_uuid(), 'order-1', 302,
      'RefundIssued', 1, 'member', 'ada', 'session', 's', 1, decode(repeat('00', 32), 'hex'))`,
    );
    expect(await asApp(two)).toMatch(/gapless/);
    expect(await asApp(insertEvent('ledger.events', 299, 301))).toMatch(/duplicate key/);
    expect(await asApp(insertEvent('ledger.events', 300, 301))).toMatch(/^allowed/);
  });

  it('cannot move a head backwards, put another root on its size, or begin one with a size', async () => {
    expect(await asApp('update ledger.heads set size = size - 1')).toMatch(/only moves forwards/);
    expect(await asApp('update ledger.heads set recorded_at = recorded_at - 1')).toMatch(/only moves forwards/);
    expect(await asApp(`update ledger.heads set root = decode(repeat('00', 32), 'hex')`)).toMatch(
      /only moves forwards/,
    );
    const begun = `insert into ledger.heads values ('${organization}', 7, decode(repeat('00', 32), 'hex'), '', 0, -1)`;
    expect(await asApp(begun)).toMatch(/begins at size 0/);
  });

  it('cannot turn the guards off', async () => {
    expect(await asApp('alter table ledger.events disable trigger all')).toMatch(REFUSED);
    expect(await asApp('alter table ledger.events no force row level security')).toMatch(REFUSED);
    expect(await asApp('drop table ledger.events_0')).toMatch(REFUSED);
    expect(await asApp(`set session_replication_role = replica`)).toMatch(REFUSED);
  });
});

describe('I9: the owner', () => {
  it('is refused changes, deletions and truncation as well', async () => {
    for (const table of TABLES) {
      if (table !== 'heads')
        expect(await asOwner(`update ledger.${table} set organization_id = organization_id`)).toMatch(/append-only/);
      expect(await asOwner(`delete from ledger.${table}`)).toMatch(/is refused/);
      expect(await asOwner(`truncate ledger.${table}`)).toMatch(/append-only/);
    }
  });

  it('can neither read nor write a partition past the triggers of its parent', async () => {
    for (const partition of partitions) {
      const [row] = await ledgers().as.owner.unsafe(`select count(*) as n from ${partition}`);
      if (partition !== 'ledger.payloads_other') expect(row).toEqual({ n: 0n });
      for (const statement of [
        'insert into % default values',
        'update % set organization_id = organization_id',
        'delete from %',
        'truncate %',
      ])
        expect(await asOwner(statement.replace('%', partition))).toMatch(/append-only/);
    }
  });

  it('cannot leave a gap', async () => {
    expect(await asOwner(insertEvent('ledger.events', 301, 301))).toMatch(/gapless/);
  });

  it('cannot remove a payload that no recorded PayloadErased names', async () => {
    const { ledger } = ledgers();
    const erasure = await ledger.erase(organization, { positions: [3], reason: 'asked by the customer', actor: ada });
    for (const named of ['', `${erasure.position}`, '4']) {
      const pretend = `select set_config('countersign.erasure', '${named}', true); delete from ledger.payloads where position = 5`;
      expect(await asOwner(pretend)).toMatch(/no recorded PayloadErased names/);
    }
    expect(await asOwner(`select ledger.erase('${organization}', 4)`)).toMatch(/holds no PayloadErased/);
    const [event] = await ledger.readPositions(organization, { from: 5, limit: 1 });
    expect(event?.content).not.toBeNull();
  });
});

describe('months of payloads', () => {
  it('are prepared ahead, again and again, and take what is appended', async () => {
    const { pools, as } = ledgers();
    await preparePayloadMonths(pools.commands);
    const [row] = await as.superuser<{ other: bigint; all: bigint }[]>`
      select (select count(*) from ledger.payloads_other) as other, (select count(*) from ledger.payloads) as "all"`;
    expect(row?.other).toBe(0n);
    expect(row?.all).toBeGreaterThan(299n);
  });
});
