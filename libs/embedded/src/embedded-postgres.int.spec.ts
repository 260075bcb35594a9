import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectPostgres } from '@countersign/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  lockDataDirectory,
  startEmbeddedPostgres,
  temporaryDataDirectory,
  type DataDirectory,
  type EmbeddedPostgres,
} from './index.ts';
import { identify } from './process-identity.ts';

interface Supervised {
  readonly process: ChildProcess;
  readonly adminUrl: string;
  readonly pid: number;
  readonly uid: number;
}

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
let home: string;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'countersign-spec-'));
  await chmod(home, 0o711);
  closing = [];
});

afterEach(async () => {
  for (const close of closing.reverse()) await close();
  await rm(home, { recursive: true, force: true });
});

async function start(directory = path.join(home, 'data')): Promise<EmbeddedPostgres> {
  const held = await lockDataDirectory(directory);
  const server = await startEmbeddedPostgres(held);
  const stop = async (): Promise<void> => {
    await server.stop();
    await held.release();
  };
  closing.push(stop);
  return { ...server, stop };
}

async function query(url: string, text: string): Promise<unknown> {
  const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
  const sql = connectPostgres(url, { connections: 1, applicationName: 'spec', limits });
  try {
    return Object.values((await sql.unsafe(text))[0] ?? {})[0];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function supervised(user: { uid?: number; gid?: number } = {}): Promise<Supervised> {
  const fixture = path.join(import.meta.dirname, 'supervisor.fixture.ts');
  const loader = ['--import', '@swc-node/register/esm-register'];
  const child = spawn(process.execPath, [...loader, fixture, path.join(home, 'data')], {
    ...user,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closing.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, ...(JSON.parse(line.toString()) as Omit<Supervised, 'process'>) };
}

describe('a running embedded Postgres', () => {
  let directory: DataDirectory;
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    directory = await temporaryDataDirectory();
    server = await startEmbeddedPostgres(directory, { logAheadMiB: 8 });
  });

  afterAll(async () => {
    await server.stop();
    await rm(directory.path, { recursive: true });
  });

  it('is durable, closed to other machines and without a socket', async () => {
    const settings = `fsync full_page_writes synchronous_commit data_checksums listen_addresses unix_socket_directories`;
    const values = settings.split(' ').map((name) => query(server.superuserUrl, `show ${name}`));
    expect(await Promise.all(values)).toEqual(['on', 'on', 'on', 'on', '127.0.0.1', '']);
  });

  it('uses the log that was laid out for it instead of making more', async () => {
    const files = async () => Number(await query(server.superuserUrl, `select count(*) from pg_ls_waldir()`));
    const segment = async () =>
      String(await query(server.superuserUrl, `select pg_walfile_name(pg_current_wal_lsn())`));
    const [filesBefore, segmentBefore] = [await files(), await segment()];
    for (let count = 0; count < 6; count += 1) {
      await query(server.superuserUrl, `select pg_logical_emit_message(true, 'test', 'on')`);
      await query(server.superuserUrl, `select pg_switch_wal()`);
    }
    await query(server.superuserUrl, `select pg_logical_emit_message(true, 'test', 'on')`);
    expect((await segment()) > segmentBefore).toBe(true);
    expect(await files()).toBe(filesBefore);
  });

  it('notices a client that froze or vanished within ten seconds', async () => {
    const names = ['tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count'];
    const values = names.map((name) => query(server.superuserUrl, `show ${name}`));
    expect(await Promise.all(values)).toEqual(['5', '1', '3']);
    expect(await query(server.superuserUrl, 'show client_connection_check_interval')).toBe('1s');
  });

  it('gives its owner no superuser rights, and nobody a way in without the password', async () => {
    expect(
      await query(server.adminUrl, `select rolsuper or rolbypassrls from pg_roles where rolname = current_user`),
    ).toBe(false);
    const guess = new URL(server.adminUrl);
    guess.password = 'guess';
    await expect(query(guess.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('I13: keeps statements and their values out of its log', async () => {
    await expect(query(server.adminUrl, `select 'hunter2'::int`)).rejects.toThrow();
    await expect(query(server.adminUrl, `select hunter2`)).rejects.toThrow();
    const log = await readFile(path.join(directory.path, 'postgres.log'), 'utf8');
    expect(log.split('\n').filter((line) => line.includes('STATEMENT') || line.includes('select'))).toEqual([]);
  });

  it('keeps its passwords in a file of mode 600', async () => {
    expect((await stat(path.join(directory.path, 'postgres.json'))).mode & 0o777).toBe(0o600);
  });
});

describe('starting the embedded Postgres', () => {
  it('starts a second time on the same port, with the same passwords and data', async () => {
    const first = await start();
    expect(first.isNew).toBe(true);
    await query(first.adminUrl, `create table public.note as select 'kept' as text`);
    await first.stop();
    const second = await start();
    expect([second.isNew, second.adminUrl]).toEqual([false, first.adminUrl]);
    expect(await query(second.adminUrl, 'select text from public.note')).toBe('kept');
  });

  it('moves to another port when somebody else took its own', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(first.port, '127.0.0.1');
    await once(squatter, 'listening');
    closing.push(async () => squatter.close());
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect(await query(second.adminUrl, 'select 1')).toBe(1);
  });
});

describe('after a crash', () => {
  it('the Postgres of a supervisor that was killed is stopped, and nothing committed is lost', async () => {
    const orphaned = await supervised();
    await query(orphaned.adminUrl, `create table public.note as select 'kept' as text`);
    orphaned.process.kill('SIGKILL');
    await once(orphaned.process, 'exit');
    expect(await identify(orphaned.pid)).not.toBeNull();
    const next = await start();
    expect(await identify(orphaned.pid)).toBeNull();
    expect(await query(next.adminUrl, 'select text from public.note')).toBe('kept');
  });

  it('a Postgres that was killed says so, and recovers at the next start', async () => {
    const first = await start();
    await query(first.adminUrl, `create table public.note as select 'kept' as text`);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    await first.stop();
    const second = await start();
    expect(await query(second.adminUrl, 'select text from public.note')).toBe('kept');
  });

  it('a pid file whose number now belongs to a stranger blocks nothing, and the stranger lives', async () => {
    await (await start()).stop();
    const file = path.join(home, 'data', 'postgres', 'postmaster.pid');
    await writeFile(file, `${process.pid}\n${path.join(home, 'data', 'postgres')}\n`);
    expect(await query((await start()).adminUrl, 'select 1')).toBe(1);
  });

  it('a first start that was cut short leaves nothing that looks finished', async () => {
    await mkdir(path.join(home, 'data', 'postgres.new'), { recursive: true });
    await chmod(path.join(home, 'data'), 0o711);
    await writeFile(path.join(home, 'data', 'postgres.new', 'PG_VERSION'), '17\n');
    expect((await start()).isNew).toBe(true);
  });
});

describe('who it runs as', () => {
  it.runIf(isRoot)('an ordinary user can run it', async () => {
    await chown(home, NOBODY, NOBODY);
    const { adminUrl, uid } = await supervised({ uid: NOBODY, gid: NOBODY });
    expect(uid).toBe(NOBODY);
    expect(await query(adminUrl, 'select 1')).toBe(1);
  });

  it.runIf(isRoot)('root runs it as another user, even from a folder that only root can enter', async () => {
    await chmod(home, 0o700);
    closing.push(async () => {
      const elsewhere = await readlink(path.join(home, 'data', 'postgres'));
      await rm(path.dirname(elsewhere), { recursive: true });
    });
    const { pid, stop, adminUrl } = await start();
    expect((await stat(`/proc/${pid}`)).uid).not.toBe(0);
    await query(adminUrl, `create table public.note as select 'kept' as text`);
    await stop();
    const again = await start();
    expect(await query(again.adminUrl, 'select text from public.note')).toBe('kept');
  });
});
