export { toRecorded, type EventRow } from './event-rows.ts';
export { HeadTransactions, type Additions, type HeadWork } from './head-transactions.ts';
export { LedgerAccess, type ConsistencyProof, type InclusionProof } from './ledger-access.ts';
export { ClockUnsure, LedgerAbsent, type LockedHead } from './locked-head.ts';
export { CommitUnknown, NotCommitted } from './lost-commit.ts';
export { ExportOvertaken, NothingSigned } from './export-lines.ts';
