import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNodeOptions } from '@countersign/config';
import { freePort } from '@countersign/embedded';
import { readPrismaFolder } from '@countersign/migrations';

/** How one api process is started. */
export interface ApiWish {
  /** With the app role. */
  readonly databaseUrl: string;
  /** For signing keys and outside checkpoints; shared by the replicas of one system. */
  readonly dataFolder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** For the process itself, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

/** A running api, on a free port of the loopback interface. */
export interface Api {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it wrote to stdout and stderr so far, the last 64 KiB. */
  log(): string;
  /** Resident memory, in MiB. */
  residentMiB(): Promise<number>;
  isRunning(): boolean;
  /** SIGKILL: no time for last words. Waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

const READY_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;
const LOG_CHARACTERS_MAX = 65_536;

/** @throws with the process' own last words if it ends or is not ready within half a minute */
export async function startApi({ databaseUrl, dataFolder, env, nodeOptions = [] }: ApiWish): Promise<Api> {
  const port = await freePort();
  const child = spawn(process.execPath, [...serviceNodeOptions, ...nodeOptions, await builtApi()], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      API_PORT: String(port),
      COUNTERSIGN_DATA_DIR: dataFolder,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const api = apiOf(child, port, logOf(child));
  try {
    await untilHealthy(api);
  } catch (error) {
    await api.kill();
    throw error;
  }
  return api;
}

/** The built api of this installation; `npm run build` makes it. */
async function builtApi(): Promise<string> {
  const { root } = await readPrismaFolder();
  return path.resolve(root, '../dist/api/main.js');
}

function apiOf(child: ChildProcess, port: number, log: () => string): Api {
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  const isRunning = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (!isRunning()) return;
    child.kill(signal);
    await Promise.race([ended, pause(STOP_PATIENCE_MS, undefined, { ref: false })]);
    if (isRunning()) {
      child.kill('SIGKILL');
      await ended;
    }
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    log,
    residentMiB: () => residentMiB(child.pid ?? 0),
    isRunning,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

function logOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-LOG_CHARACTERS_MAX)));
  return () => text;
}

async function untilHealthy(api: Api): Promise<void> {
  const giveUpAt = performance.now() + READY_PATIENCE_MS;
  while (api.isRunning() && performance.now() < giveUpAt) {
    const answer = await fetch(`${api.url}/health`).catch(() => null);
    if (answer?.ok) return;
    await pause(25);
  }
  throw new Error(`the api ${api.isRunning() ? 'was not ready in time' : 'ended'}; its last words:\n${api.log()}`);
}

/** `VmRSS` of proc(5). */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_024;
}
