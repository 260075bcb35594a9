export {
  attachSignature,
  checkpointBody,
  checkSignature,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type SignatureVerdict,
  type SignedCheckpoint,
} from './checkpoint.ts';
export { parseCheckpoints } from './checkpoint-file.ts';
export {
  endorsementMessage,
  keyRingOf,
  newKeyRing,
  originAt,
  rangeFor,
  recordKeyEvent,
  trustedRanges,
  type KeyProblem,
  type KeyRing,
  type SigningKeyRange,
} from './key-ring.ts';
export { mergeFindings, restoreReport, type RestoreFindings, type RestoreReport } from './restore-report.ts';
export { judgeSigning, type SigningRequest, type SigningVerdict } from './signer-guard.ts';
export { formatVkey, isSameKey, parseVkey, verifierKey, type VerifierKey } from './verifier-key.ts';
