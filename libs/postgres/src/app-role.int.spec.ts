import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assertAppRole, UnsafeDatabase } from './app-role.ts';
import { connectPostgres, type Sql } from './connection.ts';

const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
let database: TestDatabase;
const connections: Sql[] = [];
const roles: string[] = [];

beforeAll(async () => {
  database = await openDatabase();
});

afterEach(async () => {
  await Promise.all(connections.splice(0).map((sql) => sql.end({ timeout: 1 })));
});

afterAll(async () => {
  const admin = connect(database.superuserUrl ?? database.adminUrl);
  for (const role of roles) await admin.unsafe(`drop role ${role}`);
  await admin.end();
  await database.drop();
});

function connect(url: string): Sql {
  const sql = connectPostgres(url, { connections: 1, applicationName: 'spec', limits });
  connections.push(sql);
  return sql;
}

async function problemsFor(url: string): Promise<string> {
  const refusal = await assertAppRole(connect(url)).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UnsafeDatabase);
  return (refusal as Error).message;
}

/** A role made for one test, with a login and whatever else it is given. */
async function roleWith(statements: (role: string) => string): Promise<string> {
  const role = `spec_${Math.trunc(performance.now() * 1000)}`;
  roles.push(role);
  const admin = connect(database.superuserUrl ?? database.adminUrl);
  await admin.unsafe(`create role ${role} login password 'spec'; ${statements(role)}`);
  const url = new URL(database.appUrl);
  url.username = role;
  url.password = 'spec';
  return url.href;
}

describe('I9: the role that serves', () => {
  it('may be countersign_app', async () => {
    await expect(assertAppRole(connect(database.appUrl))).resolves.toBeUndefined();
  });

  it('is refused when it owns the ledger, with the role to use instead', async () => {
    const message = await problemsFor(database.adminUrl);
    expect(message).toMatch(/owns .*database test_/);
    expect(message).toContain('use the role countersign_app, which `countersign migrate` creates');
  });

  it('is refused when it may become the owner', async () => {
    const owner = new URL(database.adminUrl).username;
    expect(await problemsFor(await roleWith((role) => `grant ${owner} to ${role}`))).toContain('owns');
  });

  it.runIf(!process.env['TEST_DATABASE_URL'])('is refused as a superuser, and with BYPASSRLS', async () => {
    expect(await problemsFor(database.superuserUrl ?? '')).toContain('a superuser or a role with BYPASSRLS');
    const bypassing = await roleWith((role) => `alter role ${role} bypassrls`);
    expect(await problemsFor(bypassing)).toContain('a superuser or a role with BYPASSRLS');
  });

  it('is refused when it may read or write everything', async () => {
    expect(await problemsFor(await roleWith((role) => `grant pg_write_all_data to ${role}`))).toContain(
      'pg_write_all_data',
    );
  });
});

describe('I1: the server', () => {
  it('is refused with fsync or full_page_writes off, both named at once', async () => {
    const forgetful = connect(database.appUrl);
    const answer = [{ role: 'countersign_app', owned: [], predefined: [], fsync: 'off', fullPageWrites: 'off' }];
    const pretending = new Proxy(forgetful, { apply: () => Promise.resolve(answer) });
    await expect(assertAppRole(pretending)).rejects.toThrow(/fsync off.*\n.*full_page_writes off/);
  });
});
