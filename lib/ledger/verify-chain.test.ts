import { expect, test } from 'vitest';
import { rootAt } from './replay';
import { createWorld } from './testing/world';
import { verifyChain } from './verify-chain';

const world = createWorld();
for (let i = 0; i < 4; i += 1) world.wallet();
const stored = world.items.map(({ bytes }) => bytes);

test('a whole chain has the head and the root replay comes to', () => {
  expect(verifyChain(stored)).toEqual({
    kind: 'whole',
    size: stored.length,
    hash: world.replica.head?.hash,
    root: rootAt(world.replica, world.items.length - 1),
  });
});

test('an entry that is missing, doubled, swapped, altered or no JSON is found at its place', () => {
  const [a, b, c, ...rest] = stored;
  if (!a || !b || !c) throw new Error('The world is too short.');
  const altered = b.slice();
  altered[b.length - 20] = (altered[b.length - 20] ?? 0) ^ 1;
  for (const [chain, seq] of [
    [[a, c, ...rest], 1],
    [[a, a, b], 1],
    [[b, a, c], 0],
    [[a, c, b], 1],
    [[a, Uint8Array.of(0xff)], 1],
  ] as const)
    expect(verifyChain(chain)).toMatchObject({ kind: 'broken', seq });
  expect(verifyChain([a, altered, c, ...rest])).toMatchObject({ kind: 'broken' });
});
