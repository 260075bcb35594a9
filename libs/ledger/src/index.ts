export { fromBase64, toBase64 } from './bytes.ts';
export { ClockUnsure, judgeClock, type ClockReading, type ClockVerdict } from './clock.ts';
export type { CheckpointSigner, LedgerCrypto } from './crypto.ts';
export type { EventContent, EventHeader, NewEvent, RecordedEvent } from './envelope.ts';
export { LedgerFormatError, type LedgerFormatCode } from './format-error.ts';
export { HEADER_VERSION, leafHasher, type LeafHasher } from './leaf.ts';
export { erasureCodes, ErasureRefused, Ledger, StreamConflict, type Erasure, type PositionWindow } from './ledger.ts';
export { SigningKeyRotation } from './signing-key-rotation.ts';
export { ledgerEvents, ledgerStream, readLedgerEvent, type LedgerEvent } from './ledger.events.ts';
export {
  addLeaf,
  appendLeaves,
  emptyTree,
  needsOpenTile,
  rootOf,
  TILE_LEAVES,
  TILE_LEVEL,
  type GrowingTree,
  type GrownTree,
  type Tile,
  type TreeHead,
  type TreeNode,
} from './tree/append.ts';
export { decodeFrontier, encodeFrontier, frontierLength, type Frontier } from './tree/frontier.ts';
export { treeHasher, type TreeHasher } from './tree/hashing.ts';
export { consistencyHolds, inclusionHolds, type InclusionClaim } from './tree/proof-check.ts';
export { planConsistency, planInclusion, planRoot, type ProofPlan } from './tree/proof.ts';
export type { Needs, NodeSource } from './tree/subtrees.ts';
