export { toRecorded, type EventRow } from './event-rows.ts';
export { HeadTransactions, type Additions, type HeadWork } from './head-transactions.ts';
export { ClockUnsure, LedgerAbsent, type LockedHead } from './locked-head.ts';
export { CommitUnknown, NotCommitted } from './lost-commit.ts';
