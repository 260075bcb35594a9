import { rootsOf, splitOf, needsOf, type LeafRange, type Needs, type NodeSource } from './subtrees.ts';
import type { TreeHasher } from './hashing.ts';

/**
 * A proof that has been planned: ask `needs` what to load, load it in one round, then `build`. So generating proofs
 * stays free of waiting, and a server reads O(log n) rows in two statements.
 */
export interface ProofPlan {
  readonly needs: Needs;
  build(hasher: TreeHasher, source: NodeSource): readonly Uint8Array[];
}

/**
 * The audit path of leaf `index` in the tree of the first `size` leaves, deepest first (RFC 6962 section 2.1.1).
 *
 * @throws {RangeError} unless 0 <= index < size.
 */
export function planInclusion(index: number, size: number): ProofPlan {
  if (!(index >= 0 && index < size)) throw new RangeError(`there is no leaf ${index} in a tree of ${size}`);
  return plan(pathRanges(index, size));
}

/**
 * That the first `from` of `to` leaves are unchanged (RFC 6962 section 2.1.2). Empty for equal sizes and for 0.
 *
 * @throws {RangeError} unless 0 <= from <= to.
 */
export function planConsistency(from: number, to: number): ProofPlan {
  if (!(from >= 0 && from <= to)) throw new RangeError(`a tree of ${to} leaves does not extend one of ${from}`);
  return plan(from === 0 || from === to ? [] : extensionRanges(from, to));
}

/** The root of the first `size` leaves, for a size that is not the head's. */
export function planRoot(size: number): ProofPlan {
  return plan(size === 0 ? [] : [[0, size]]);
}

function plan(ranges: readonly LeafRange[]): ProofPlan {
  return { needs: needsOf(ranges), build: (hasher, source) => rootsOf(hasher, ranges, source) };
}

/** PATH(m, D[n]): the sibling at each split on the way down, written deepest first. */
function pathRanges(index: number, size: number): readonly LeafRange[] {
  const siblings: LeafRange[] = [];
  for (let from = 0, to = size; to - from > 1;) {
    const middle = from + splitOf(to - from);
    siblings.push(index < middle ? [middle, to] : [from, middle]);
    if (index < middle) to = middle;
    else from = middle;
  }
  return siblings.reverse();
}

/** SUBPROOF(m, D[n], true). The old tree's own root is left out when it is a whole subtree: the verifier has it. */
function extensionRanges(oldSize: number, size: number): readonly LeafRange[] {
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to !== oldSize) {
    const middle = from + splitOf(to - from);
    ranges.push(oldSize <= middle ? [middle, to] : [from, middle]);
    if (oldSize <= middle) to = middle;
    else from = middle;
  }
  if (from > 0) ranges.push([from, to]);
  return ranges.reverse();
}
