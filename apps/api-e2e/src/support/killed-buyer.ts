import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Asked, WireAction } from './caller.ts';

export interface BuyerWish {
  readonly url: string;
  readonly key: string;
  readonly action: WireAction;
  readonly atOnce: number;
  /** How long it lives after its first answer. */
  readonly livesMs: number;
}

const PROGRAM = path.join(import.meta.dirname, 'buyer.mjs');

/**
 * A client process that keeps asking until kill -9 takes it, with answers under way that nobody will read. Resolves
 * with every decision that it had been told by then.
 *
 * @throws when it ends in any other way
 */
export async function buyUntilKilled({ url, key, action, atOnce, livesMs }: BuyerWish): Promise<readonly Asked[]> {
  const args = [PROGRAM, url, key, JSON.stringify(action), String(atOnce)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const asked: Asked[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (asked.length === 0) setTimeout(() => child.kill('SIGKILL'), livesMs);
    asked.push(JSON.parse(line) as Asked);
  });
  const [code, signal] = await closed;
  if (signal !== 'SIGKILL')
    throw new Error(`a client ended by itself (${code ?? signal}) after ${asked.length} answers`);
  return asked;
}
