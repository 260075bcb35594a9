import { chown, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ServerUser } from './server-user.ts';

/** As `initdb --wal-segsize` was told: one segment of the write-ahead log. */
export const SEGMENT_BYTES = 1_024 * 1_024;

const SEGMENT_NAME = /^[0-9A-F]{24}$/;
const SEGMENTS_IN_A_FILE_GROUP = 2 ** 32 / SEGMENT_BYTES;

/**
 * Lays out the next segments of a cluster's log before it starts. A cluster that has run for a while recycles those it no
 * longer needs, which is nothing but giving them the names of later ones; a young one has none, makes them while
 * somebody waits for a commit, and took three times as long for it on average. Postgres uses whatever bears the name.
 */
export async function layOutLog(folder: string, megabytes: number, user: ServerUser | null): Promise<void> {
  const log = path.join(folder, 'pg_wal');
  const names = (await readdir(log)).filter((name) => SEGMENT_NAME.test(name)).sort();
  const last = names.at(-1);
  if (last === undefined) return;

  const timeline = last.slice(0, 8);
  const first = numberOf(last) + 1;
  for (let number = first; number < first + megabytes; number += 1)
    await writeSegment(path.join(log, timeline + nameOf(number)), user);
}

const numberOf = (name: string) =>
  Number.parseInt(name.slice(8, 16), 16) * SEGMENTS_IN_A_FILE_GROUP + Number.parseInt(name.slice(16), 16);

const nameOf = (number: number) =>
  hex(Math.floor(number / SEGMENTS_IN_A_FILE_GROUP)) + hex(number % SEGMENTS_IN_A_FILE_GROUP);

const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');

/** On disk when it returns, as Postgres takes for granted of a segment that exists. */
async function writeSegment(file: string, user: ServerUser | null): Promise<void> {
  const segment = await open(file, 'wx', 0o600);
  try {
    await segment.write(Buffer.alloc(SEGMENT_BYTES));
    await segment.sync();
  } finally {
    await segment.close();
  }
  if (user) await chown(file, user.uid, user.gid);
}
