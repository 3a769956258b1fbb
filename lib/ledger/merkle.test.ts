import { expect, test } from 'vitest';
import { bytesToHex, concatBytes, sha256, utf8ToBytes } from '@/lib/domain/hash';
import { type Entry, entryBytes, entryHash, NO_PREVIOUS } from './entry';
import { appendToFrontier, EMPTY_FRONTIER, frontierOfTops, frontierRoot, rootOfTops, topsInMemory } from './merkle';

/** RFC 6962 section 2.1, word for word and slow. */
const slowRoot = (leaves: readonly Uint8Array[]): Uint8Array => {
  const [only] = leaves;
  if (only === undefined) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return sha256(concatBytes(Uint8Array.of(0), only));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(concatBytes(Uint8Array.of(1), slowRoot(leaves.slice(0, split)), slowRoot(leaves.slice(split))));
};

test('the frontier gives the root of RFC 6962 for every number of entries', () => {
  const leaves: Uint8Array[] = [];
  let frontier = EMPTY_FRONTIER;
  expect(frontierRoot(frontier)).toBe(bytesToHex(slowRoot([])));
  for (let i = 0; i < 130; i += 1) {
    const leaf = utf8ToBytes(`entry ${i}`);
    leaves.push(leaf);
    frontier = appendToFrontier(frontier, leaf);
    expect(frontier.size).toBe(leaves.length);
    expect(frontierRoot(frontier)).toBe(bytesToHex(slowRoot(leaves)));
  }
});

test('every earlier root and frontier follows from the largest subtree each entry completed', () => {
  const tops = topsInMemory();
  const frontiers = [EMPTY_FRONTIER];
  for (let i = 0; i < 130; i += 1) {
    const frontier = appendToFrontier(frontiers[i] ?? EMPTY_FRONTIER, utf8ToBytes(`entry ${i}`));
    frontiers.push(frontier);
    tops.append(frontier.nodes.at(-1) ?? new Uint8Array(0));
  }
  for (const frontier of frontiers) {
    expect(frontierOfTops(tops, frontier.size)).toEqual(frontier);
    expect(rootOfTops(tops, frontier.size)).toBe(frontierRoot(frontier));
  }
  expect(rootOfTops(tops, 131)).toBeNull();
});

test('the stored bytes of an entry and their hash never change', () => {
  const entry: Entry = {
    v: 1,
    seq: 0,
    prev: NO_PREVIOUS,
    at: 1_700_000_000_000,
    kind: 'expiry',
    bodyHash: 'ab'.repeat(32),
    effects: { z: null, a: 'ä' },
  };
  const bytes = entryBytes(entry);
  expect(new TextDecoder().decode(bytes)).toMatchInlineSnapshot(
    `"{"at":1700000000000,"bodyHash":"abababababababababababababababababababababababababababababababab","effects":{"a":"ä","z":null},"kind":"expiry","prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":0,"v":1}"`,
  );
  expect(entryHash(bytes)).toMatchInlineSnapshot(`"babfe5b835d1896409c11c927ca304cbf28898f365ae9142f1e857de352dd407"`);
});
