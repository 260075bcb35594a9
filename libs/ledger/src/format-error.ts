/** Why a text of ours cannot be read. Permanent: scripts branch on them. */
export type LedgerFormatCode =
  | 'checkpoint.malformed'
  | 'export.line_malformed'
  | 'export.line_not_canonical'
  | 'receipt.malformed'
  | 'vkey.malformed'
  | 'vkey.wrong_id';

/** A text that is not what it should be; the message names the part, what is wrong and what would be right. */
export class LedgerFormatError extends Error {
  override readonly name = 'LedgerFormatError';

  constructor(
    readonly code: LedgerFormatCode,
    message: string,
  ) {
    super(message);
  }
}
