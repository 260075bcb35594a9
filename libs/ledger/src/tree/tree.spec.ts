import { describe, expect, it } from 'vitest';
import { fromHex, hex, leavesOf, naiveHead, naivePath, naiveProof, naiveRoot, plainCrypto } from '../ledger.mother.ts';
import {
  appendLeaves,
  consistencyHolds,
  decodeFrontier,
  emptyTree,
  encodeFrontier,
  frontierLength,
  inclusionHolds,
  needsOpenTile,
  planConsistency,
  planInclusion,
  planRoot,
  treeHasher,
  type NodeSource,
} from './index.ts';

const hasher = treeHasher(plainCrypto);
const grow = (leafHashes: readonly Uint8Array[]) => appendLeaves(hasher, emptyTree, leafHashes);

/** What a database would hold: tiles and high nodes of these leaves. */
function storeOf(leafHashes: readonly Uint8Array[]): NodeSource {
  const { nodes, tiles, openTile } = grow(leafHashes);
  return {
    node: (level, index) => nodes.find((node) => node.level === level && node.index === index)?.hash ?? missing(),
    tile: (index) =>
      tiles.find((tile) => tile.index === index)?.leafHashes ?? Uint8Array.from(Buffer.concat(openTile ?? [])),
  };
}

const missing = () => {
  throw new Error('a node was asked for that no append has completed');
};

describe('the reference tree of the certificate-transparency project (8 leaves)', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((entry) => plainCrypto.sha256(fromHex(`00${entry}`)));
  const store = storeOf(leaves);

  it.each(
    [
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ].map((root, size) => ({ root, size })),
  )('has root $root at size $size', ({ root, size }) => expect(hex(grow(leaves.slice(0, size)).root)).toBe(root));

  it.each([
    { index: 0, size: 1, path: [] },
    {
      index: 0,
      size: 8,
      path: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      index: 5,
      size: 8,
      path: [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    { index: 2, size: 3, path: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
    {
      index: 1,
      size: 5,
      path: [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ])('gives the reference path of leaf $index of $size', ({ index, size, path }) =>
    expect(planInclusion(index, size).build(hasher, store).map(hex)).toEqual(path),
  );

  it.each([
    { from: 1, to: 1, proof: [] },
    {
      from: 1,
      to: 8,
      proof: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      from: 6,
      to: 8,
      proof: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      from: 2,
      to: 5,
      proof: [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
    {
      from: 6,
      to: 7,
      proof: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
  ])('gives the reference consistency proof from $from to $to', ({ from, to, proof }) =>
    expect(planConsistency(from, to).build(hasher, store).map(hex)).toEqual(proof),
  );
});

describe('the tree agrees with RFC 6962 read word by word', () => {
  const leaves = leavesOf(600);
  const store = storeOf(leaves);

  it('in every root up to 70 leaves and around tile borders, however the leaves were batched', () => {
    for (const size of [...Array(70).keys(), 255, 256, 257, 511, 512, 513, 600]) {
      const first = grow(leaves.slice(0, Math.floor(size / 3)));
      const grown = appendLeaves(hasher, first, leaves.slice(first.size, size));
      expect(hex(grown.root)).toBe(hex(naiveRoot(leaves.slice(0, size))));
      expect(hex(planRoot(size).build(hasher, store)[0] ?? hasher.emptyRoot)).toBe(hex(grown.root));
    }
  });

  it('in every path and consistency proof up to 40 leaves, and they verify', () => {
    for (let size = 1; size <= 40; size += 1) {
      const head = naiveHead(leaves.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const path = planInclusion(index, size).build(hasher, store);
        expect(path.map(hex)).toEqual(naivePath(index, leaves.slice(0, size)).map(hex));
        expect(inclusionHolds(hasher, { index, leafHash: leaves[index] as Uint8Array, head }, path)).toBe(true);
      }
      for (let from = 1; from <= size; from += 1) {
        const proof = planConsistency(from, size).build(hasher, store);
        expect(proof.map(hex)).toEqual(naiveProof(from, leaves.slice(0, size)).map(hex));
        expect(consistencyHolds(hasher, { older: naiveHead(leaves.slice(0, from)), newer: head }, proof)).toBe(true);
      }
    }
  });

  it('in proofs that cross tiles', () => {
    for (const [from, to] of [
      [1, 600],
      [255, 256],
      [256, 257],
      [300, 600],
      [511, 513],
      [512, 600],
    ] as const) {
      expect(planConsistency(from, to).build(hasher, store).map(hex)).toEqual(
        naiveProof(from, leaves.slice(0, to)).map(hex),
      );
      expect(
        planInclusion(from - 1, to)
          .build(hasher, store)
          .map(hex),
      ).toEqual(naivePath(from - 1, leaves.slice(0, to)).map(hex));
    }
  });
});

describe('proofs that prove something else are refused', () => {
  const leaves = leavesOf(13);
  const [store, newer] = [storeOf(leaves), naiveHead(leaves)];
  const older = naiveHead(leaves.slice(0, 6));

  it('another index, size, leaf or root, and any path shortened, lengthened or altered', () => {
    const path = planInclusion(5, 13).build(hasher, store);
    const claim = { index: 5, leafHash: leaves[5] as Uint8Array, head: newer };
    expect(inclusionHolds(hasher, claim, path)).toBe(true);

    for (const index of [-1, 0, 4, 6, 13, 5.5, 2 ** 53])
      expect(inclusionHolds(hasher, { ...claim, index }, path)).toBe(false);
    for (const size of [0, 5, 8, 32])
      expect(inclusionHolds(hasher, { ...claim, head: { ...newer, size } }, path)).toBe(false);
    expect(inclusionHolds(hasher, { ...claim, leafHash: leaves[4] as Uint8Array }, path)).toBe(false);
    expect(inclusionHolds(hasher, { ...claim, head: { ...newer, root: older.root } }, path)).toBe(false);
    for (const wrong of wrongsOf(path)) expect(inclusionHolds(hasher, claim, wrong)).toBe(false);
  });

  it('another older or newer tree, and any proof shortened, lengthened or altered', () => {
    const proof = planConsistency(6, 13).build(hasher, store);
    expect(consistencyHolds(hasher, { older, newer }, proof)).toBe(true);

    const forked = naiveHead([...leaves.slice(0, 5), leaves[7] as Uint8Array]);
    expect(consistencyHolds(hasher, { older: forked, newer }, proof)).toBe(false);
    expect(consistencyHolds(hasher, { older, newer: { ...newer, root: forked.root } }, proof)).toBe(false);
    expect(consistencyHolds(hasher, { older: newer, newer: older }, proof)).toBe(false);
    expect(consistencyHolds(hasher, { older, newer: { ...older, root: forked.root } }, [])).toBe(false);
    expect(consistencyHolds(hasher, { older: { size: 0, root: forked.root }, newer }, [])).toBe(false);
    for (const wrong of wrongsOf(proof)) expect(consistencyHolds(hasher, { older, newer }, wrong)).toBe(false);
  });

  const wrongsOf = (proof: readonly Uint8Array[]) => [
    [],
    proof.slice(1),
    proof.slice(0, -1),
    [...proof, newer.root],
    [newer.root, ...proof],
    ...proof.map((_, at) => proof.map((hash, index) => (index === at ? newer.root : hash))),
  ];
});

describe('storage', () => {
  it('keeps a tile of 256 leaves once it is full, and nodes from its root up', () => {
    const { tiles, nodes, openTile } = grow(leavesOf(1030));
    expect(tiles.map(({ index, leafHashes }) => [index, leafHashes.length])).toEqual(
      [0, 1, 2, 3].map((n) => [n, 8192]),
    );
    expect(nodes.map(({ level, index }) => `${level}/${index}`)).toEqual([
      '8/0',
      '8/1',
      '9/0',
      '8/2',
      '8/3',
      '9/1',
      '10/0',
    ]);
    expect(openTile).toHaveLength(6);
  });

  it('asks for the open tile exactly when an append completes a tile that began before it', () => {
    expect([needsOpenTile(0, 256), needsOpenTile(255, 1), needsOpenTile(200, 55), needsOpenTile(512, 300)]).toEqual([
      false,
      true,
      false,
      false,
    ]);
    const unknown = { ...grow(leavesOf(200)), openTile: null };
    expect(appendLeaves(hasher, unknown, leavesOf(55)).openTile).toBeNull();
    expect(() => appendLeaves(hasher, unknown, leavesOf(56))).toThrow(RangeError);
    const atBorder = { ...grow(leavesOf(256)), openTile: null };
    expect(appendLeaves(hasher, atBorder, leavesOf(3)).openTile).toHaveLength(3);
  });

  it('writes a frontier as one hash for each 1 of the size, and reads only that', () => {
    const { frontier } = grow(leavesOf(11));
    expect(decodeFrontier(encodeFrontier(frontier), 11).map(hex)).toEqual(frontier.map(hex));
    expect(() => decodeFrontier(encodeFrontier(frontier), 12)).toThrow(RangeError);
    expect([0, 1, 255, 2 ** 40, 2 ** 53 - 1].map(frontierLength)).toEqual([0, 1, 8, 1, 53]);
  });

  it('counts beyond 32 bits: proofs of a tree of a trillion equal leaves read few rows and verify', () => {
    const leaf = leavesOf(1)[0] as Uint8Array;
    const full = [leaf];
    for (let level = 1; level < 45; level += 1)
      full.push(hasher.node(full[level - 1] as Uint8Array, full[level - 1] as Uint8Array));
    const source = {
      node: (level: number) => full[level] as Uint8Array,
      tile: () => Uint8Array.from(Buffer.concat(Array(256).fill(leaf))),
    };
    const headAt = (size: number) => ({ size, root: planRoot(size).build(hasher, source)[0] as Uint8Array });

    const [older, newer] = [headAt(2 ** 33 + 12_345), headAt(10 ** 12 + 77)];
    const proof = planConsistency(older.size, newer.size);
    expect(consistencyHolds(hasher, { older, newer }, proof.build(hasher, source))).toBe(true);
    const inclusion = planInclusion(2 ** 35 + 3, newer.size);
    expect(
      inclusionHolds(hasher, { index: 2 ** 35 + 3, leafHash: leaf, head: newer }, inclusion.build(hasher, source)),
    ).toBe(true);
    expect(inclusion.needs.nodes.length + inclusion.needs.tiles.length).toBeLessThan(80);
  });
});
