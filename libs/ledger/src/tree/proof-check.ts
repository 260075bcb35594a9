import { equalBytes } from '../bytes.ts';
import type { TreeHead } from './append.ts';
import type { TreeHasher } from './hashing.ts';

/** What an inclusion proof claims: `leafHash` is leaf `index` of the tree `head`. */
export interface InclusionClaim {
  readonly index: number;
  readonly leafHash: Uint8Array;
  readonly head: TreeHead;
}

/** RFC 9162 section 2.1.3.2, which refuses proofs that are too long, too short or for another index. */
export function inclusionHolds(hasher: TreeHasher, claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  const { index, leafHash, head } = claim;
  if (!isPosition(index) || !isPosition(head.size) || index >= head.size) return false;

  let root = leafHash;
  const walk = { node: index, last: head.size - 1 };
  for (const sibling of proof) {
    if (walk.last === 0) return false;
    root = climb(walk) ? hasher.node(sibling, root) : hasher.node(root, sibling);
  }
  return walk.last === 0 && equalBytes(root, head.root);
}

/** RFC 9162 section 2.1.4.2: that `newer` begins with exactly the leaves of `older`. */
export function consistencyHolds(
  hasher: TreeHasher,
  { older, newer }: { readonly older: TreeHead; readonly newer: TreeHead },
  proof: readonly Uint8Array[],
): boolean {
  if (!isPosition(older.size) || !isPosition(newer.size) || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && equalBytes(older.root, newer.root);
  if (older.size === 0) return proof.length === 0 && equalBytes(older.root, hasher.emptyRoot);
  return extensionHolds(hasher, older, newer, proof);
}

function extensionHolds(hasher: TreeHasher, older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  const walk = toLargestSubtree({ node: older.size - 1, last: newer.size - 1 });
  // A tree whose size is a power of two is itself the first hash, and is not repeated in the proof.
  const path = walk.node === 0 ? [older.root, ...proof] : proof;
  const [start, ...siblings] = path;
  if (!start) return false;

  let oldRoot = start;
  let newRoot = start;
  for (const sibling of siblings) {
    if (walk.last === 0) return false;
    if (climb(walk)) {
      oldRoot = hasher.node(sibling, oldRoot);
      newRoot = hasher.node(sibling, newRoot);
    } else newRoot = hasher.node(newRoot, sibling);
  }
  return walk.last === 0 && equalBytes(oldRoot, older.root) && equalBytes(newRoot, newer.root);
}

/** Climbs while the older tree's last node is a right child: to the root of the subtree that the proof starts at. */
function toLargestSubtree(walk: Walk): Walk {
  while (walk.node % 2 === 1) halve(walk);
  return walk;
}

interface Walk {
  node: number;
  last: number;
}

/** Moves one sibling up; true when that sibling stands to the left. Levels without a sibling are skipped. */
function climb(walk: Walk): boolean {
  const isLeft = walk.node % 2 === 1 || walk.node === walk.last;
  if (isLeft) while (walk.node % 2 === 0 && walk.node !== 0) halve(walk);
  halve(walk);
  return isLeft;
}

function halve(walk: Walk): void {
  walk.node = Math.floor(walk.node / 2);
  walk.last = Math.floor(walk.last / 2);
}

const isPosition = (value: number) => Number.isSafeInteger(value) && value >= 0;
