export { CheckpointSigning, type CheckpointSigningParts, type SigningLog } from './checkpoint-signing.ts';
export { CheckpointSink, type PublishedCheckpoint } from './checkpoint-sink.ts';
export { LedgerOpening } from './ledger-opening.ts';
export { Signer, type SigningOutcome } from './signer.ts';
export { SignerState } from './signer-state.ts';
export { firstOrigin, firstSigningKey } from './signing-key-events.ts';
export { SigningKeys, SigningKeyUnavailable, type HeldKey } from './signing-keys.ts';
