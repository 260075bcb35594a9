import { concatBytes } from '../bytes.ts';
import type { Frontier } from './frontier.ts';
import type { TreeHasher } from './hashing.ts';

/** Leaves are stored in tiles of this many, written once, when full. */
export const TILE_LEAVES = 256;

/** The level of a whole tile's root: nodes from here up are stored one by one, those below are computed from tiles. */
export const TILE_LEVEL = 8;

/** What a checkpoint is about. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A complete subtree: the leaves [index · 2^level, (index + 1) · 2^level). */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** A full tile: 256 leaf hashes, 8,192 bytes. */
export interface Tile {
  readonly index: number;
  readonly leafHashes: Uint8Array;
}

/** A tree as a writer keeps it. */
export interface GrowingTree {
  readonly size: number;
  readonly frontier: Frontier;
  /**
   * The leaf hashes since the last tile boundary: size mod 256 of them. Null when this process does not know them;
   * then load them first whenever `needsOpenTile` says so.
   */
  readonly openTile: readonly Uint8Array[] | null;
}

/** The tree after an append, and the rows that append has to insert. */
export interface GrownTree extends GrowingTree, TreeHead {
  /** Completed by this append, of level `TILE_LEVEL` and above. */
  readonly nodes: readonly TreeNode[];
  readonly tiles: readonly Tile[];
}

export const emptyTree: GrowingTree = { size: 0, frontier: [], openTile: [] };

/** Whether appending `count` leaves completes a tile that began before them. */
export function needsOpenTile(size: number, count: number): boolean {
  const open = size % TILE_LEAVES;
  return open > 0 && open + count >= TILE_LEAVES;
}

/**
 * Appends leaves: one node hash a leaf amortized, plus one for each hash of the frontier, whatever the size.
 *
 * @throws {RangeError} when a tile is completed whose first leaves were not given.
 */
export function appendLeaves(hasher: TreeHasher, tree: GrowingTree, leafHashes: readonly Uint8Array[]): GrownTree {
  const edge = [...tree.frontier];
  const nodes = leafHashes.flatMap((leafHash, n) => addLeaf(hasher, edge, tree.size + n, leafHash));
  const size = tree.size + leafHashes.length;
  return { size, frontier: edge, root: rootOf(hasher, edge), nodes, ...fillTiles(tree, leafHashes) };
}

/** The root of the tree whose right edge this is: the full subtrees folded from the smallest up. */
export function rootOf(hasher: TreeHasher, frontier: Frontier): Uint8Array {
  if (frontier.length === 0) return hasher.emptyRoot;
  return frontier.reduceRight((right, left) => hasher.node(left, right));
}

/**
 * Grows the right edge of a tree of `size` leaves, in place, by one, and returns the stored nodes that this
 * completes. Each trailing zero of the new size is a pair of equal subtrees that has just become one.
 */
export function addLeaf(
  hasher: TreeHasher,
  edge: Uint8Array[],
  size: number,
  leafHash: Uint8Array,
): readonly TreeNode[] {
  const completed: TreeNode[] = [];
  let hash = leafHash;
  for (let level = 1, count = size + 1; count % 2 === 0; level += 1) {
    count /= 2;
    hash = hasher.node(edge.pop() as Uint8Array, hash);
    if (level >= TILE_LEVEL) completed.push({ level, index: count - 1, hash });
  }
  edge.push(hash);
  return completed;
}

function fillTiles({ size, openTile }: GrowingTree, leafHashes: readonly Uint8Array[]) {
  const known = openTile ?? (size % TILE_LEAVES === 0 ? [] : null);
  if (known === null && !needsOpenTile(size, leafHashes.length)) return { tiles: [], openTile: null };
  if (known?.length !== size % TILE_LEAVES)
    throw new RangeError(`a tree of ${size} leaves has ${size % TILE_LEAVES} in its open tile, not ${known?.length}`);

  const pending = [...known, ...leafHashes];
  const first = Math.floor(size / TILE_LEAVES);
  const tiles = Array.from({ length: Math.floor(pending.length / TILE_LEAVES) }, (_, n) => ({
    index: first + n,
    leafHashes: concatBytes(...pending.slice(n * TILE_LEAVES, (n + 1) * TILE_LEAVES)),
  }));
  return { tiles, openTile: pending.slice(tiles.length * TILE_LEAVES) };
}
