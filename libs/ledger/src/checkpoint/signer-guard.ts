import { equalBytes } from '../bytes.ts';
import { consistencyHolds, type TreeHead, type TreeHasher } from '../tree/index.ts';

export type SigningVerdict =
  | { readonly outcome: 'sign' }
  | { readonly outcome: 'refuse'; readonly reason: 'not_consistent' | 'same_size_other_root' | 'smaller' };

/** What a signer is asked to do, and what it knows of this log from outside the database. */
export interface SigningRequest {
  /** The last head it signed under this origin; null when it has never signed for it. */
  readonly last: TreeHead | null;
  readonly head: TreeHead;
  /** From the last head's size to the new one's. */
  readonly consistency: readonly Uint8Array[];
}

/**
 * Whether signing this head could put two histories under one name. A signature cannot be taken back, so whatever is
 * not a proven extension is refused: a restored backup, a head signed before its transaction was lost, a fork.
 * Signing the same head again is harmless and allowed.
 */
export function judgeSigning(hasher: TreeHasher, { last, head, consistency }: SigningRequest): SigningVerdict {
  if (last === null) return { outcome: 'sign' };
  if (head.size < last.size) return { outcome: 'refuse', reason: 'smaller' };
  if (head.size === last.size && !equalBytes(head.root, last.root))
    return { outcome: 'refuse', reason: 'same_size_other_root' };
  if (!consistencyHolds(hasher, { older: last, newer: head }, consistency))
    return { outcome: 'refuse', reason: 'not_consistent' };
  return { outcome: 'sign' };
}
