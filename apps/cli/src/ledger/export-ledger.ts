import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { showProgress } from '../format/progress.ts';
import type { Session } from '../operator/connect.ts';
import { ExportLineCount } from './export-line-count.ts';
import { checkExportTarget } from './export-target.ts';

/** Erasures are rare. Somebody who erases faster than that is better waited for by a person. */
const TRIES_MAX = 5;

export interface Exported {
  readonly lines: number;
  /** How often it was begun. */
  readonly tries: number;
}

/**
 * Downloads the export to a file that appears once it is whole. An export that an erasure overtakes while it is
 * written cannot account for it, and is begun again, with the erasure in it.
 *
 * @throws {CommandFailed} when it breaks off, cannot be written, or was overtaken five times in a row. The file is
 * then as it was before.
 */
export async function exportLedger(session: Session, file: string): Promise<Exported> {
  await checkExportTarget(file);
  const draft = `${file}.part`;
  try {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const { lines, overtakenAt } = await download(session, draft);
      if (overtakenAt === null) {
        await rename(draft, file);
        return { lines, tries };
      }
      console.error(`position ${overtakenAt} was erased while it was exported (try ${tries} of ${TRIES_MAX})`);
    }
  } catch (error) {
    throw brokenOff(file, error);
  } finally {
    await rm(draft, { force: true });
  }
  throw new CommandFailed(
    `payloads were erased during each of ${TRIES_MAX} exports, so none is whole: wait until the erasing is done, then export again`,
    exitCode.unreachable,
  );
}

async function download(session: Session, draft: string): Promise<ExportLineCount> {
  const { position } = await session.get<{ position: number }>('');
  const body = await session.client.stream(session.at('/ledger/export'));
  const progress = showProgress('exporting', position);
  const count = new ExportLineCount();
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      count.add(chunk);
      progress.to(count.lines);
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.fromWeb(body as never), counted, createWriteStream(draft));
    return count;
  } finally {
    progress.end();
  }
}

function brokenOff(file: string, error: unknown): unknown {
  if (error instanceof CommandFailed) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (/^(ENOENT|EACCES|EISDIR|ENOSPC|EROFS)$/.test(code))
    return new CommandFailed(`${file} cannot be written (${code}): name another place with --output`, exitCode.usage);
  return new CommandFailed('the export broke off and was thrown away: try again', exitCode.unreachable);
}
