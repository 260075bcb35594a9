export { ExportVerifier, type VerificationPins } from './export-verifier.ts';
export {
  eventLine,
  keyLine,
  writeExportLine,
  readExportLine,
  type CheckpointLine,
  type EventLine,
  type ExportLine,
  type HeaderLine,
  type KeyLine,
  type OvertakenLine,
} from './export-lines.ts';
export {
  readReceipt,
  Receipt,
  receiptOf,
  verifyReceipt,
  type ReceiptCode,
  type ReceiptParts,
  type ReceiptReport,
} from './receipt.ts';
export { verificationCodes } from './verification-codes.ts';
export type { VerificationCode, VerificationProblem, VerificationReport } from './verification-report.ts';
