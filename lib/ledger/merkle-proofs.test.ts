import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@/lib/domain/hash';
import { EMPTY_FRONTIER, extendFrontier, frontierRoot, leafHash } from './merkle';
import {
  placeOf,
  planConsistency,
  planInclusion,
  proofOf,
  type Subtree,
  verifyConsistency,
  verifyInclusion,
} from './merkle-proofs';

/** A tree as the database keeps it: beside each entry the subtrees it completes. */
const treeOf = (leaves: readonly Uint8Array[]) => {
  let frontier = EMPTY_FRONTIER;
  const roots: string[] = [];
  const rows = leaves.map((leaf) => {
    const extended = extendFrontier(frontier, leaf);
    frontier = extended.frontier;
    roots.push(frontierRoot(frontier));
    return extended.completed;
  });
  const hashOf = (subtree: Subtree): Uint8Array => {
    const { seq, position } = placeOf(subtree);
    return rows[seq]?.[position] as Uint8Array;
  };
  return {
    root: (size: number) => roots[size - 1] ?? '',
    inclusion: (seq: number, size: number) => proofOf(planInclusion(seq, size), hashOf),
    consistency: (first: number, size: number) => proofOf(planConsistency(first, size), hashOf),
  };
};

/** Leaves, roots and paths of the Certificate Transparency reference implementation's tests. */
describe('the reference tree of Certificate Transparency', () => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const tree = treeOf(leaves.map(hexToBytes));

  test('has the published roots', () => {
    expect(leaves.map((_, i) => tree.root(i + 1))).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]);
  });

  test('has the published paths of inclusion', () => {
    const paths: readonly [seq: number, size: number, path: readonly string[]][] = [
      [0, 1, []],
      [
        0,
        8,
        [
          '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
          '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
          '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
        ],
      ],
      [
        5,
        8,
        [
          'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
          'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
          'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
        ],
      ],
      [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
      [
        1,
        5,
        [
          '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
          '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
          'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        ],
      ],
    ];
    for (const [seq, size, path] of paths) expect(tree.inclusion(seq, size)).toEqual(path);
  });

  test('has the published proofs of consistency', () => {
    const proofs: readonly [first: number, size: number, path: readonly string[]][] = [
      [1, 1, []],
      [
        1,
        8,
        [
          '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
          '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
          '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
        ],
      ],
      [
        6,
        8,
        [
          '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
          'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
          'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
        ],
      ],
      [
        2,
        5,
        [
          '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
          'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        ],
      ],
    ];
    for (const [first, size, path] of proofs) expect(tree.consistency(first, size)).toEqual(path);
  });
});

const MANY = 260;
const leaves = Array.from({ length: MANY }, (_, i) => utf8ToBytes(`entry ${i}`));
const tree = treeOf(leaves);
const leafOf = (seq: number): string => bytesToHex(leafHash(leaves[seq] as Uint8Array));
/** The same hex with one bit turned. */
const bent = (hex: string): string => `${hex.slice(0, -1)}${(Number.parseInt(hex.slice(-1), 16) ^ 1).toString(16)}`;

test('every entry of every tree is proved, and by no other place, size, leaf or root', () => {
  for (let size = 1; size <= MANY; size += 1) {
    for (let seq = 0; seq < size; seq += size > 70 ? 1 + (size % 7) : 1) {
      const proof = { seq, size, leaf: leafOf(seq), root: tree.root(size), path: tree.inclusion(seq, size) };
      expect(verifyInclusion(proof)).toBe(true);
      expect(proof.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      const other = (seq + 1) % size;
      if (other !== seq) expect(verifyInclusion({ ...proof, seq: other })).toBe(false);
      if (other !== seq) expect(verifyInclusion({ ...proof, leaf: leafOf(other) })).toBe(false);
      expect(verifyInclusion({ ...proof, root: bent(proof.root) })).toBe(false);
      expect(verifyInclusion({ ...proof, path: [...proof.path, proof.root] })).toBe(false);
    }
  }
});

test('every tree is proved to begin with every smaller one, and with no other', () => {
  for (let size = 1; size <= MANY; size += size > 40 ? 5 : 1) {
    for (let first = 1; first <= size; first += 1) {
      const path = tree.consistency(first, size);
      const proof = { first, size, firstRoot: tree.root(first), root: tree.root(size), path };
      expect(verifyConsistency(proof)).toBe(true);
      expect(verifyConsistency({ ...proof, firstRoot: bent(proof.firstRoot) })).toBe(false);
      expect(verifyConsistency({ ...proof, root: bent(proof.root) })).toBe(false);
      expect(verifyConsistency({ ...proof, path: [...path, proof.root] })).toBe(false);
      if (path.length > 0) expect(verifyConsistency({ ...proof, path: path.slice(1) })).toBe(false);
    }
  }
});

test('one bit turned in any hash of a path is found', () => {
  const inclusion = { seq: 77, size: 200, leaf: leafOf(77), root: tree.root(200), path: tree.inclusion(77, 200) };
  const consistency = { first: 77, size: 200, firstRoot: tree.root(77), root: tree.root(200) };
  const path = tree.consistency(77, 200);
  for (const [i] of inclusion.path.entries())
    expect(verifyInclusion({ ...inclusion, path: inclusion.path.map((h, j) => (i === j ? bent(h) : h)) })).toBe(false);
  for (const [i] of path.entries())
    expect(verifyConsistency({ ...consistency, path: path.map((h, j) => (i === j ? bent(h) : h)) })).toBe(false);
});

test('a proof reads few rows also of a very large tree', () => {
  for (const size of [1_000_000, 2 ** 40, 2 ** 40 - 1, 999_999_999]) {
    const rows = planInclusion(Math.floor(size / 3), size).flat();
    expect(new Set(rows.map((subtree) => placeOf(subtree).seq)).size).toBeLessThanOrEqual(2 * Math.log2(size));
    expect(rows.every((subtree) => placeOf(subtree).seq < size)).toBe(true);
    expect(
      planConsistency(Math.floor(size / 3), size)
        .flat()
        .every((subtree) => placeOf(subtree).seq < size),
    ).toBe(true);
  }
});

test('an entry that is not in the tree has no proof', () => {
  for (const [seq, size] of [
    [5, 5],
    [-1, 5],
    [0, 0],
    [1.5, 5],
  ] as const)
    expect(() => planInclusion(seq, size)).toThrow(RangeError);
  for (const [first, size] of [
    [0, 5],
    [6, 5],
    [1, Number.NaN],
  ] as const)
    expect(() => planConsistency(first, size)).toThrow(RangeError);
});
