import { concatBytes, HASH_BYTES } from '../bytes.ts';

/**
 * The roots of the full subtrees along the right edge, largest first: one for each 1 in the binary form of the
 * tree's size. It is all an append needs of the past.
 */
export type Frontier = readonly Uint8Array[];

/** How many hashes the frontier of a tree of `size` leaves has. Exact for every safe integer. */
export function frontierLength(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

/** 32 bytes a hash, largest subtree first; the count follows from the size, so it is not written. */
export const encodeFrontier = (frontier: Frontier) => concatBytes(...frontier);

/** @throws {RangeError} when the bytes are not the frontier of a tree of this size. */
export function decodeFrontier(bytes: Uint8Array, size: number): Frontier {
  const length = frontierLength(size);
  if (bytes.length !== length * HASH_BYTES)
    throw new RangeError(`the frontier of ${size} leaves is ${length * HASH_BYTES} bytes, not ${bytes.length}`);
  return Array.from({ length }, (_, index) => bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES));
}
