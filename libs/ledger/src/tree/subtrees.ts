import { HASH_BYTES } from '../bytes.ts';
import { TILE_LEAVES, TILE_LEVEL } from './append.ts';
import type { TreeHasher } from './hashing.ts';

/** The leaves [from, to). Every hash of a proof is the root of one such range. */
export type LeafRange = readonly [from: number, to: number];

/** Which rows have to be at hand before ranges can be hashed. Sorted, without repeats. */
export interface Needs {
  readonly nodes: readonly { readonly level: number; readonly index: number }[];
  readonly tiles: readonly number[];
}

/** What was loaded. Functions throw for what is not there; that is a defect of the caller. */
export interface NodeSource {
  /** A complete subtree of level 8 or above. */
  node(level: number, index: number): Uint8Array;

  /** The leaf hashes of a tile, 32 bytes each: all 256, or as many as the open tile has. */
  tile(index: number): Uint8Array;
}

interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** The largest power of two smaller than `count`: where RFC 6962 splits a tree. Exact for every safe integer. */
export function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

export function needsOf(ranges: readonly LeafRange[]): Needs {
  const nodes = new Map<string, Subtree>();
  const tiles = new Set<number>();
  for (const { level, index } of ranges.flatMap(subtreesOf)) {
    if (level >= TILE_LEVEL) nodes.set(`${level}/${index}`, { level, index });
    else tiles.add(tileOf(level, index));
  }
  return {
    nodes: [...nodes.values()].sort((a, b) => a.level - b.level || a.index - b.index),
    tiles: [...tiles].sort((a, b) => a - b),
  };
}

/** The RFC 6962 root of each range. */
export function rootsOf(hasher: TreeHasher, ranges: readonly LeafRange[], source: NodeSource): readonly Uint8Array[] {
  return ranges.map((range) =>
    subtreesOf(range)
      .map((subtree) => subtreeHash(hasher, subtree, source))
      .reduceRight((right, left) => hasher.node(left, right)),
  );
}

/** A range as complete subtrees, largest first. It must start at a multiple of the largest, as every range here does. */
function subtreesOf([from, to]: LeafRange): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let start = from; start < to;) {
    let level = 0;
    let width = 1;
    for (; width * 2 <= to - start; width *= 2) level += 1;
    subtrees.push({ level, index: start / width });
    start += width;
  }
  return subtrees;
}

const tileOf = (level: number, index: number) => Math.floor((index * 2 ** level) / TILE_LEAVES);

function subtreeHash(hasher: TreeHasher, { level, index }: Subtree, source: NodeSource): Uint8Array {
  if (level >= TILE_LEVEL) return source.node(level, index);

  const width = 2 ** level;
  const offset = ((index * width) % TILE_LEAVES) * HASH_BYTES;
  return hashOfFull(hasher, source.tile(tileOf(level, index)).subarray(offset, offset + width * HASH_BYTES));
}

function hashOfFull(hasher: TreeHasher, leafHashes: Uint8Array): Uint8Array {
  if (leafHashes.length === HASH_BYTES) return leafHashes;
  const middle = leafHashes.length / 2;
  return hasher.node(
    hashOfFull(hasher, leafHashes.subarray(0, middle)),
    hashOfFull(hasher, leafHashes.subarray(middle)),
  );
}
