export { fromBase64, toBase64 } from './bytes.ts';
export { judgeClock, type ClockReading, type ClockVerdict } from './clock.ts';
export type { CheckpointSigner, LedgerCrypto } from './crypto.ts';
export type { EventContent, EventHeader, NewEvent, RecordedEvent } from './envelope.ts';
export { LedgerFormatError, type LedgerFormatCode } from './format-error.ts';
export { HEADER_VERSION, leafHasher, type LeafHasher } from './leaf.ts';
export { ErasureRefused, Ledger, StreamConflict, type Erasure, type PositionWindow } from './ledger.ts';
export { ledgerEvents, ledgerStream, readLedgerEvent, type LedgerEvent } from './ledger.events.ts';
