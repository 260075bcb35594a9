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
} from './append.ts';
export { decodeFrontier, encodeFrontier, frontierLength, type Frontier } from './frontier.ts';
export { treeHasher, type TreeHasher } from './hashing.ts';
export { consistencyHolds, inclusionHolds, type InclusionClaim } from './proof-check.ts';
export { planConsistency, planInclusion, planRoot, type ProofPlan } from './proof.ts';
export type { Needs, NodeSource } from './subtrees.ts';
