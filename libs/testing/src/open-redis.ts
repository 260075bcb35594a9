import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@countersign/embedded';

/** A Redis that nobody else uses, so that a spec may flush, freeze or kill it. */
export interface TestRedis {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Whether `redis-server` is on PATH; no npm package ships one. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts `redis-server` from PATH on a free loopback port; it keeps everything in memory and ends with the spec. */
export async function openRedis(): Promise<TestRedis> {
  const port = await freePort();
  const persistence = ['--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...persistence], {
    stdio: 'ignore',
  });
  const exited = once(server, 'exit');
  await Promise.race([
    untilListening(port),
    exited.then(() => Promise.reject(new Error('redis-server ended at once'))),
  ]);
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: server.pid as number,
    stop: async () => {
      server.kill('SIGKILL');
      await exited;
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await accepts(port)) return;
    await pause(25);
  }
  throw new Error(`redis-server does not listen on port ${port} after five seconds`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
