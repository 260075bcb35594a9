import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectPostgres, type Sql } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeFirstMigration, drift, dumpSchemas, migrate, migrationStatus, readPrismaFolder } from './index.ts';

let database: TestDatabase;
let admin: Sql;
let root: string;

beforeEach(async () => {
  database = await openDatabase();
  const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
  admin = connectPostgres(database.adminUrl, { connections: 1, applicationName: 'spec', limits });
  root = await mkdtemp(path.join(tmpdir(), 'countersign-prisma-'));
  await cp((await readPrismaFolder()).root, root, { recursive: true });
});

afterEach(async () => {
  await admin.end({ timeout: 1 });
  await database.drop();
  await rm(root, { recursive: true });
});

async function folderWith(name: string, script: string) {
  await mkdir(path.join(root, 'migrations', name), { recursive: true });
  await writeFile(path.join(root, 'migrations', name, 'migration.sql'), script);
  return readPrismaFolder(root);
}

describe('migrating', () => {
  it('a second time applies nothing', async () => {
    expect(await migrate(database.adminUrl)).toEqual([]);
    expect(await migrationStatus(database.adminUrl)).toEqual({ pending: [], edited: [], unknown: [] });
  });

  it('applies function bodies whole, semicolons and all', async () => {
    const body = `create function public.greet() returns text language plpgsql as $$ begin perform 1; return 'ada'; end $$;`;
    const folder = await folderWith('20270101000000_greet', body);
    expect(await migrate(database.adminUrl, { folder })).toEqual(['20270101000000_greet']);
    expect(await admin`select public.greet()`).toEqual([{ greet: 'ada' }]);
  });

  it('twice at once takes turns, and applies once', async () => {
    const folder = await folderWith(
      '20270101000000_note',
      'create table public.note (text text); select pg_sleep(0.3);',
    );
    const runs = await Promise.all([1, 2, 3].map(() => migrate(database.adminUrl, { folder })));
    expect(runs.flat()).toEqual(['20270101000000_note']);
  });

  it('says what Postgres said, keeps nothing of what failed, and can be repeated once it is mended', async () => {
    const broken = await folderWith('20270101000000_note', `create table public.note (text text);\nselect 1 / 0;`);
    await expect(migrate(database.adminUrl, { folder: broken })).rejects.toThrow('division by zero');
    expect(await admin`select to_regclass('public.note') as note`).toEqual([{ note: null }]);
    expect((await migrationStatus(database.adminUrl, broken)).pending).toEqual(['20270101000000_note']);
    const mended = await folderWith('20270101000000_note', 'create table public.note (text text);');
    expect(await migrate(database.adminUrl, { folder: mended })).toEqual(['20270101000000_note']);
  });

  it('gives the app role the password it is told, which may hold quotes', async () => {
    const url = new URL(database.appUrl);
    const before = decodeURIComponent(url.password);
    url.password = `o'reilly"; drop role postgres; --`;
    try {
      await migrate(database.adminUrl, { appPassword: decodeURIComponent(url.password) });
      const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
      const app = connectPostgres(url.href, { connections: 1, applicationName: 'spec', limits });
      expect(await app`select current_user::text as me`).toEqual([{ me: 'countersign_app' }]);
      await app.end();
    } finally {
      await migrate(database.adminUrl, { appPassword: before });
    }
  });
});

describe('drift', () => {
  it('is none in a migrated database', async () => {
    expect(await drift(database.adminUrl)).toEqual([]);
  });

  it.each([
    [
      'a dropped trigger',
      'drop trigger events_gapless on ledger.events',
      /the database lacks: CREATE TRIGGER events_gapless/,
    ],
    [
      'row-level security switched off',
      'alter table ledger.events disable row level security',
      /lacks: table ledger.events/,
    ],
    [
      'a right more than intended',
      'grant delete on ledger.events to countersign_app',
      /lacks: on ledger.events may .*delete/,
    ],
    [
      'a function anyone may call',
      'grant execute on function ledger.erase to public',
      /lacks: on ledger.erase.*public execute/,
    ],
    [
      'another body of a function',
      `create or replace function ledger.refuse_gaps() returns trigger language plpgsql as $$ begin return null; end $$`,
      /refuse_gaps/,
    ],
    ['a policy more', 'create policy everyone on ledger.events using (true)', /policy everyone/],
    ['a trigger switched off', 'alter table ledger.events disable trigger events_append_only', /events_append_only/],
    [
      'a column of a model missing',
      'alter table identity.operator_tokens drop column label',
      /prisma\/models would still change/,
    ],
  ])('finds %s', async (_what, statement, expected) => {
    await admin.unsafe(statement);
    expect((await drift(database.adminUrl)).join('\n')).toMatch(expected);
  });

  it('finds a migration that was changed after it was applied', async () => {
    const folder = await readPrismaFolder(root);
    const [first] = folder.migrations;
    const edited = await folderWith(first?.name ?? '', `${first?.script}-- and so on\n`);
    expect(await drift(database.adminUrl, edited)).toEqual([
      `migration ${first?.name} was changed after it was applied`,
    ]);
  });

  it('does not call a month’s partition drift', async () => {
    await admin`select ledger.prepare_payload_month(${1_900_000_000_000}::bigint)`;
    expect(await drift(database.adminUrl)).toEqual([]);
  });
});

describe('what is committed under prisma', () => {
  it('has a first migration composed from the models and prisma/sql; run `npm run migration:build`', async () => {
    const folder = await readPrismaFolder();
    expect(folder.migrations[0]?.script).toBe(await composeFirstMigration(database.adminUrl, folder));
  });

  it('has a snapshot of what the migrations make; run `npm run migration:build`', async () => {
    const { root: committed } = await readPrismaFolder();
    expect(await readFile(path.join(committed, 'schema.snapshot.sql'), 'utf8')).toBe(
      await dumpSchemas(database.adminUrl),
    );
  });

  it('refuses a file of prisma/sql that has no place in the order', async () => {
    await writeFile(path.join(root, 'sql', 'ledger', 'stray.sql'), 'select 1;');
    const folder = await readPrismaFolder(root);
    await expect(composeFirstMigration(database.adminUrl, folder)).rejects.toThrow(
      'prisma/sql/ledger/stray.sql: expected',
    );
  });
});
