import { readdir, readFile } from 'node:fs/promises';
import type { Stage } from './stage.ts';

/** Processor time so far, in milliseconds. It says where time goes even while others use the machine. */
export interface CpuTime {
  readonly api: number;
  readonly postgres: number;
}

/** Kernel ticks are 1/100 s on every Linux that runs Node. */
const MILLISECONDS_A_TICK = 10;

/** Of the api and of everything Postgres runs for it. */
export async function cpuTime({ api, system }: Stage): Promise<CpuTime> {
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readStat));
  const server = all.find((one) => one !== null && one.pid === system.database.pid());
  const time = { api: 0, postgres: 0 };
  for (const one of all) {
    if (one?.pid === api.pid) time.api += one.milliseconds;
    if (one !== null && server && (one.pid === server.pid || one.parent === server.pid))
      time.postgres += one.milliseconds;
  }
  return time;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly milliseconds: number;
}

/** Fields 4, 14 and 15 of proc(5), counted from the end of the name, which may hold spaces. Null once it is gone. */
async function readStat(pid: string): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]];
  return { pid: Number(pid), parent, milliseconds: (user + system) * MILLISECONDS_A_TICK };
}

/** Microseconds for each of `count` things done between two looks. */
export const microsecondsEach = (before: CpuTime, after: CpuTime, count: number) => ({
  apiCpuMicroseconds: Math.round(((after.api - before.api) * 1_000) / count),
  postgresCpuMicroseconds: Math.round(((after.postgres - before.postgres) * 1_000) / count),
});
