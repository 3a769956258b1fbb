import { expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { abandonHash, checkpointHash } from '@/lib/evidence/checkpoint';
import { heldPinId } from './pins';
import { rootAt } from './replay';
import { find } from './state';
import { activityIdOf, createWorld, fate, type World } from './testing/world';

/** A checkpoint entry exactly as given, witnessed by nodes 1 to 3 over what it says. */
const checkpoint = (world: World, body: { seq: number; root: string; at: number }, at = body.at): string =>
  fate(
    world.append('checkpoint', body as unknown as Json, {
      at,
      nodeSignatures: world.signatures(
        checkpointHash({ orgId: world.orgId, ...body, root: String(body.root) }),
        [1, 2, 3],
      ),
    }),
  );
const rootOf = (world: World, seq: number): string => rootAt(world.replica, seq) ?? '';

test('a checkpoint stands for an entry that is there, with a root that is text, at its own time', () => {
  const world = createWorld();
  const at = world.now();
  const root = rootOf(world, 0);
  expect(checkpoint(world, { seq: 0.5, root, at })).toBe('ledger.malformed');
  expect(checkpoint(world, { seq: 0, root: 7 as unknown as string, at })).toBe('ledger.malformed');
  expect(checkpoint(world, { seq: 0, root, at }, at + 1)).toBe('ledger.malformed');
  expect(checkpoint(world, { seq: 50, root, at })).toBe('checkpoint.root');
  expect(find(world.state, 'checkpoint', 'last')).toBeUndefined();
  expect(checkpoint(world, { seq: 0, root, at })).toBe('applied');
});

test('a checkpoint is before the last one neither in its place nor in its time', () => {
  const world = createWorld();
  world.wallet();
  const at = world.now();
  expect(checkpoint(world, { seq: 1, root: rootOf(world, 1), at })).toBe('applied');
  expect(checkpoint(world, { seq: 0, root: rootOf(world, 0), at })).toBe('checkpoint.order');
  expect(checkpoint(world, { seq: 2, root: rootOf(world, 2), at: at - 1 })).toBe('checkpoint.order');
  expect(checkpoint(world, { seq: 1, root: rootOf(world, 1), at })).toBe('applied');
});

test('only signatures that hold count to k, each node once', () => {
  const world = createWorld();
  const body = { seq: 0, root: rootOf(world, 0), at: world.now() };
  const good = world.signatures(checkpointHash({ orgId: world.orgId, ...body }), [1, 2, 3]);
  const over = (nodeSignatures: typeof good) =>
    fate(world.append('checkpoint', body as unknown as Json, { nodeSignatures }));
  const [first, second, third] = good;
  if (!first || !second || !third) throw new Error('No signatures.');
  expect(over([first, second])).toBe('checkpoint.signatures');
  expect(over([first, second, second])).toBe('checkpoint.signatures');
  expect(over([first, second, { ...third, signature: second.signature }])).toBe('checkpoint.signatures');
  expect(over([first, second, { ...third, node: 9 }])).toBe('checkpoint.signatures');
  expect(over(world.signatures(checkpointHash({ orgId: 'or-other', ...body }), [1, 2, 3]))).toBe(
    'checkpoint.signatures',
  );
  expect(over(good)).toBe('applied');
});

test('a promise counts for the activity and the organisation it names', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const [a, b] = [activityIdOf(world.transfer(walletId)), activityIdOf(world.transfer(walletId))];
  world.reserve(a, { nonce: 0 });
  world.reserve(b, { nonce: 1 });
  const abandon = (hash: Uint8Array) =>
    fate(world.append('abandon', { activityId: a }, { nodeSignatures: world.signatures(hash, [1, 2, 3]) }));
  expect(abandon(abandonHash(world.orgId, b))).toBe('abandon.signatures');
  expect(abandon(abandonHash('or-other', a))).toBe('abandon.signatures');
  expect(abandon(abandonHash(world.orgId, a))).toBe('applied');
  expect(world.activity(b).status).toBe('Reserved');
});

test('what is released, or abandoned already, is not abandoned', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const [a, b, c] = [0, 1, 2].map(() => activityIdOf(world.transfer(walletId))) as [string, string, string];
  world.reserve(a, { nonce: 0 });
  world.release(a);
  expect(fate(world.abandon(a))).toBe('abandon.status');
  world.reserve(b, { nonce: 1 });
  expect(fate(world.abandon(b))).toBe('applied');
  expect(fate(world.abandon(b))).toBe('abandon.status');
  expect(fate(world.abandon(c))).toBe('abandon.status');
  expect(world.activity(a).status).toBe('Released');
});

test('a cancel that is abandoned gives the pin back to nobody but its holder', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const a = activityIdOf(world.transfer(walletId));
  world.reserve(a, { nonce: 0 });
  const cancel = activityIdOf(world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: a }, {}));
  world.reserve(cancel);
  expect(fate(world.abandon(cancel))).toBe('applied');
  const { pin } = world.activity(a);
  expect(pin && find(world.state, 'pin', heldPinId(a, pin))).toMatchObject({ holder: a });
});
