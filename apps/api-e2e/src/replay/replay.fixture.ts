import { execFile, spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { System } from '@countersign/harness';
import { z } from 'zod';

const run = promisify(execFile);
export const root = path.resolve(import.meta.dirname, '../../../..');
const cli = path.join(root, 'dist', 'cli', 'main.js');
export const small = path.join(root, 'docs', 'examples', 'runs', 'small.ndjson');

const Refused = z.array(z.object({ code: z.string(), count: z.number() }));
const Report = z.looseObject({
  organization: z.string(),
  ask: z.number(),
  block: z.number(),
  byIntent: z.record(z.string(), z.object({ allow: z.number(), ask: z.number(), block: z.number() })),
  spentUsd: z.string(),
  asks: z.looseObject({
    approved: z.number(),
    taken: z.number(),
    waiting: z.number(),
    refusedTakes: Refused,
    refusedAnswers: Refused,
  }),
  ledger: z.looseObject({ ok: z.boolean() }),
});
export type Report = z.infer<typeof Report>;

/** How a command ended that did not end well. */
export interface Failed {
  readonly code: number;
  readonly stderr: string;
}

/** The built command, as somebody at a terminal would run it. */
export class Terminal {
  constructor(private readonly system: System) {}

  async countersign(...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, this.#line(args), { ...this.#place, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  async replay(file: string, ...args: string[]): Promise<Report> {
    return Report.parse(JSON.parse(await this.countersign('replay', file, ...args, '--json')));
  }

  async failed(...args: string[]): Promise<Failed> {
    return this.countersign(...args).then(
      (stdout) => {
        throw new Error(`it did not fail: ${stdout}`);
      },
      (error: Failed) => error,
    );
  }

  started(...args: string[]): ChildProcess {
    return spawn(process.execPath, this.#line(args), { ...this.#place, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  get #place() {
    return { cwd: root, env: { ...process.env, COUNTERSIGN_DATA_DIR: this.system.dataFolder } };
  }

  #line(args: readonly string[]): string[] {
    const { apis, operatorToken } = this.system;
    return [cli, ...args, '--url', apis[0]?.url ?? '', '--token', operatorToken];
  }
}

const Made = z.object({ id: z.string() });

export async function organizationIdOf({ operator }: System, name: string): Promise<string> {
  return Made.parse(await operator.get(`/operator/organizations/${name}`)).id;
}
