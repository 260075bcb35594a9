import { LedgerFormatError } from '../format-error.ts';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

const NOTE = /[^\n]+\n[^\n]+\n[^\n]+\n\n(?:— [^\n]+\n)+/gu;

/**
 * The checkpoints of a file as the file sink writes it, one after another, or of a single note; in the order of the
 * file.
 *
 * @throws {LedgerFormatError} for a malformed checkpoint, for anything else between them, and when there is none.
 */
export function parseCheckpoints(text: string): SignedCheckpoint[] {
  const notes = text.match(NOTE) ?? [];
  if (notes.length === 0 || text.replaceAll(NOTE, '').trim() !== '')
    throw new LedgerFormatError(
      'checkpoint.malformed',
      'the text must hold signed checkpoints, one after another, and nothing else',
    );
  return notes.map(parseCheckpoint);
}
