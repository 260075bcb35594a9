import { connectPostgres, type Sql } from '@countersign/postgres';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase, type TestDatabase } from './open-database.ts';

const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
const opened: { end(): Promise<void> }[] = [];

function connect(url: string): Sql {
  const sql = connectPostgres(url, { connections: 1, applicationName: 'spec', limits });
  opened.push({ end: () => sql.end({ timeout: 1 }) });
  return sql;
}

async function database(): Promise<TestDatabase> {
  const fresh = await openDatabase();
  opened.push({ end: () => fresh.drop() });
  return fresh;
}

afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.end();
});

describe('a database for a spec', () => {
  it('is migrated, and the app role can use it', async () => {
    const { appUrl } = await database();
    const [row] = await connect(appUrl)`select count(*) as n, current_user::text as me from identity.operator_tokens`;
    expect(row).toEqual({ n: 0n, me: 'countersign_app' });
  });

  it('is nobody else’s', async () => {
    const [treasury, payroll] = [await database(), await database()];
    await connect(treasury.adminUrl)`create table public.note (text text)`;
    const [row] = await connect(payroll.adminUrl)`select to_regclass('public.note') as note`;
    expect(row).toEqual({ note: null });
  });

  it('is gone when dropped, whoever is still connected', async () => {
    const { adminUrl, appUrl, drop } = await openDatabase();
    await connect(appUrl)`select 1`;
    await drop();
    await expect(connect(adminUrl)`select 1`).rejects.toThrow(/does not exist/);
  });
});
