import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@countersign/embedded';
import { connectPostgres } from '@countersign/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

interface Self {
  readonly pid: number;
  readonly DATABASE_URL: string;
  readonly DATABASE_ADMIN_URL?: string;
}

interface Run {
  readonly process: ChildProcess;
  /** Everything it wrote so far. */
  output(): string;
  exitCode(): Promise<number | null>;
}

const NOBODY = 65_534;
const repository = path.resolve(import.meta.dirname, '../../../..');
let installation: string;
let directory: string;
let port: number;
let runs: Run[];

// An installation of its own, with the real command and a stand-in for the api.
beforeAll(async () => {
  installation = await mkdtemp(path.join(tmpdir(), 'countersign-installation-'));
  await chmod(installation, 0o755);
  const build = `import { bundle } from '${repository}/apps/cli/build.mjs'; await bundle('cli', '${installation}/dist/cli');`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', build]);
  await mkdir(path.join(installation, 'dist', 'api'));
  await cp(path.join(import.meta.dirname, 'fake-api.fixture.mjs'), path.join(installation, 'dist', 'api', 'main.js'));
  await cp(path.join(repository, 'package.json'), path.join(installation, 'package.json'));
  for (const shared of ['node_modules', 'prisma'])
    await symlink(path.join(repository, shared), path.join(installation, shared));
});

afterAll(() => rm(installation, { recursive: true, force: true }));

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'countersign-start-')), 'data');
  await chmod(path.dirname(directory), 0o711);
  port = await freePort();
  runs = [];
});

afterEach(async () => {
  for (const { process: child } of runs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
  await Promise.all(runs.map((run) => run.exitCode()));
  await rm(path.dirname(directory), { recursive: true, force: true });
});

function start(changes: Record<string, string> = {}, user: { uid?: number; gid?: number } = {}): Run {
  const env = { PATH: process.env['PATH'], API_PORT: String(port), COUNTERSIGN_DATA_DIR: directory, ...changes };
  const child = spawn(process.execPath, [path.join(installation, 'dist', 'cli', 'main.js'), 'start'], { env, ...user });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (written += text.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const run = { process: child, output: () => written, exitCode: () => exited };
  runs.push(run);
  return run;
}

async function started(changes?: Record<string, string>, user?: { uid: number; gid: number }): Promise<Run> {
  const run = start(changes, user);
  await vi.waitFor(
    () => {
      if (run.process.exitCode !== null) throw new Error(run.output());
      expect(run.output()).toContain('Ctrl-C stops');
    },
    { timeout: 60_000, interval: 20 },
  );
  return run;
}

async function self(): Promise<Self> {
  const answer = await fetch(`http://127.0.0.1:${port}/self`, { headers: { connection: 'close' } });
  return (await answer.json()) as Self;
}

async function postgresPid(): Promise<number> {
  const [pid = ''] = (await readFile(path.join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return state !== null && !/\) [ZX] /.test(state);
}

async function ask(url: string, text: string): Promise<unknown> {
  const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
  const sql = connectPostgres(url, { connections: 1, applicationName: 'spec', limits });
  try {
    return Object.values((await sql.unsafe(text))[0] ?? {})[0];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

describe('countersign start', () => {
  it('starts everything, and Ctrl-C leaves nothing running', async () => {
    const run = await started();
    const [{ pid: api, DATABASE_URL }, postgres] = [await self(), await postgresPid()];
    expect(await ask(DATABASE_URL, 'select current_user::text')).toBe('countersign_app');
    run.process.kill('SIGINT');
    expect(await run.exitCode()).toBe(0);
    expect([await isAlive(api), await isAlive(postgres)]).toEqual([false, false]);
  });

  it('takes the two SIGINTs that one Ctrl-C under npm makes for one', async () => {
    const run = await started();
    run.process.kill('SIGINT');
    run.process.kill('SIGINT');
    expect(await run.exitCode()).toBe(0);
  });

  it('I13: keeps keys and the token in files of mode 600, and prints none of them', async () => {
    const run = await started();
    for (const file of ['credentials.json', 'operator.json', 'postgres.json', 'api.log']) {
      expect((await stat(path.join(directory, file))).mode & 0o777, file).toBe(0o600);
    }
    expect(run.output()).not.toMatch(/csk_|cso_/);
  });

  it('I9: never lets what serves become the owner', async () => {
    await started({ DATABASE_ADMIN_URL: 'postgres://owner:secret@127.0.0.1/elsewhere' });
    const { DATABASE_ADMIN_URL, DATABASE_URL } = await self();
    expect(DATABASE_ADMIN_URL).toBeUndefined();
    expect(await ask(DATABASE_URL, `select pg_has_role('countersign_owner', 'member')`)).toBe(false);
  });

  it('keeps data, keys and the token from one start to the next', async () => {
    const first = await started();
    const before = await Promise.all(
      ['credentials.json', 'operator.json'].map((name) => readFile(path.join(directory, name), 'utf8')),
    );
    first.process.kill('SIGINT');
    await first.exitCode();
    await started();
    const after = await Promise.all(
      ['credentials.json', 'operator.json'].map((name) => readFile(path.join(directory, name), 'utf8')),
    );
    expect(after).toEqual(before);
  });

  it('gives a new token when operator.json was removed, and the old one dies', async () => {
    const token = async (): Promise<string> => {
      const { operatorToken } = JSON.parse(await readFile(path.join(directory, 'operator.json'), 'utf8')) as {
        operatorToken: string;
      };
      return operatorToken;
    };
    const first = await started();
    const old = await token();
    first.process.kill('SIGINT');
    await first.exitCode();
    await rm(path.join(directory, 'operator.json'));
    await started();
    expect(await token()).not.toBe(old);
    expect(
      await ask((await self()).DATABASE_URL, `select count(*) from identity.operator_tokens where revoked_at is null`),
    ).toBe(1n);
  });

  it.runIf(process.getuid?.() === 0)('works for an ordinary user', async () => {
    await chown(path.dirname(directory), NOBODY, NOBODY);
    const run = await started({}, { uid: NOBODY, gid: NOBODY });
    expect((await stat(`/proc/${await postgresPid()}`)).uid).toBe(NOBODY);
    run.process.kill('SIGTERM');
    expect(await run.exitCode()).toBe(0);
  });
});

describe('countersign start says in one line', () => {
  it('that the port is in use, and starts nothing', async () => {
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const run = start();
    expect(await run.exitCode()).toBe(1);
    expect(run.output()).toBe(`error: port ${port} is in use; stop what listens there, or set API_PORT to another\n`);
    await expect(stat(path.join(directory, 'postgres'))).rejects.toThrow('ENOENT');
    squatter.close();
  });

  it('that it runs there already', async () => {
    const first = await started();
    const second = start({ API_PORT: String(await freePort()) });
    expect(await second.exitCode()).toBe(1);
    expect(second.output()).toMatch(
      new RegExp(`^error: countersign already runs in .* \\(process ${first.process.pid}\\).*\n$`),
    );
    expect(first.process.exitCode).toBeNull();
  });

  it('which setting is wrong', async () => {
    const run = start({ API_PORT: 'four thousand', REDIS_URL: 'nowhere' });
    expect(await run.exitCode()).toBe(2);
    expect(run.output()).toMatch(/^error: invalid start configuration\n {2}API_PORT: .*\n {2}REDIS_URL: .*\n$/);
  });

  it('that the api cannot start, with the api’s own words', async () => {
    const run = start({ FAKE_API_FAILS: '1' });
    expect(await run.exitCode()).toBe(1);
    expect(run.output()).toContain('error: the api could not start; see ');
    expect(run.output()).toContain('PRINTER: is out of paper');
    await expect(stat(path.join(directory, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });
});

describe('after kill -9', () => {
  it('of the supervisor, the next start ends what it left behind and goes on', async () => {
    const killed = await started();
    const [{ pid: api, DATABASE_URL }, postgres] = [await self(), await postgresPid()];
    await ask(
      DATABASE_URL,
      `insert into identity.operator_tokens (id, hash, label) values (gen_random_uuid(), 'x', 'kept')`,
    );
    killed.process.kill('SIGKILL');
    await killed.exitCode();
    expect([await isAlive(api), await isAlive(postgres)]).toEqual([true, true]);
    await started();
    expect([await isAlive(api), await isAlive(postgres)]).toEqual([false, false]);
    expect(
      await ask((await self()).DATABASE_URL, `select count(*) from identity.operator_tokens where label = 'kept'`),
    ).toBe(1n);
  });

  it('of the api, it is started again', async () => {
    const run = await started();
    const { pid } = await self();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect((await self()).pid).not.toBe(pid), { timeout: 10_000, interval: 50 });
    expect(run.output()).toMatch(/api was ended by SIGKILL; starting it again in \d+ s/);
  });

  it('of Postgres, it is started again, at the same address', async () => {
    const run = await started();
    const [{ DATABASE_URL }, pid] = [await self(), await postgresPid()];
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await ask(DATABASE_URL, 'select 1')).toBe(1), {
      timeout: 15_000,
      interval: 100,
    });
    expect(await postgresPid()).not.toBe(pid);
    expect(run.output()).toContain('the database ended by itself');
  });
});
