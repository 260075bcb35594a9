export {
  ada,
  addedKey,
  ledgerEvent,
  newEvent,
  newEventId,
  newOrganizationId,
  newSigner,
  originOf,
  vkeyOf,
  type AddedKey,
} from './event.mother.ts';
export { exportOf, fileOf, type ExportWish } from './export-of.ts';
export { InMemoryLedger } from './in-memory-ledger.ts';
export { describeLedger } from './ledger.contract.ts';
