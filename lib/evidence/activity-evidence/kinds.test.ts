import { expect, test } from 'vitest';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { evidenceOf } from './testing/golden';
import { verifyEvidence } from './verify';

const verdictOf = (world: World, id: string) => verifyEvidence(evidenceOf(world, id), TEST_PORTS);
const wordsOf = (world: World, id: string): string =>
  verdictOf(world, id)
    .checks.map(({ words }) => words)
    .join('\n');

test('a signature over a hash, with a bare key, is proven', () => {
  const world = createWorld();
  const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
  world.certify(keyId);
  const body = { kind: 'Hash', hash: `0x${'ab'.repeat(32)}`, network: 'KeyECDSA' };
  const id = activityIdOf(world.act(world.admin, 'keys.generateSignature', { keyId }, body));
  world.reserve(id);
  world.checkpoint();
  world.release(id);
  expect(verdictOf(world, id)).toMatchObject({ failure: null });
  expect(wordsOf(world, id)).toMatch(/Sign a message or hash whose effect is unknown, with the key of key-/);
});

test('the attempt that was signed is the one that is shown, when another was reserved before it', () => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.reserve(id, { maxFeePerGas: 40_000_000_000n, maxPriorityFeePerGas: 2_000_000_000n }, { attempt: 1 });
  world.checkpoint();
  world.release(id);
  expect(verdictOf(world, id)).toMatchObject({ failure: null });
  expect(wordsOf(world, id)).toMatch(/reserved before anybody signed \(entry 5\)/);
});

test('an attempt that no checkpoint covered is not proven by the checkpoint of another', () => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.checkpoint();
  world.reserve(id, { maxFeePerGas: 40_000_000_000n, maxPriorityFeePerGas: 2_000_000_000n }, { attempt: 1 });
  world.release(id);
  expect(verdictOf(world, id).failure).toMatchObject({ name: 'witnessed' });
});

test('a cancelled transfer and its cancel are both told, each with what was signed for it', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const id = activityIdOf(world.transfer(walletId));
  world.reserve(id);
  world.checkpoint();
  world.release(id);
  const cancel = activityIdOf(world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: id }, {}));
  world.reserve(cancel, { maxFeePerGas: 40_000_000_000n, maxPriorityFeePerGas: 2_000_000_000n });
  world.checkpoint();
  world.release(cancel);
  expect(verdictOf(world, cancel)).toMatchObject({ failure: null });
  expect(verdictOf(world, id)).toMatchObject({ failure: null });
});

test('a transfer that was sped up and its speed-up are both told, each with what was signed for it', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const id = activityIdOf(world.transfer(walletId));
  world.reserve(id);
  world.checkpoint();
  world.release(id);
  world.broadcast(id);
  const faster = activityIdOf(world.act(world.admin, 'wallets.speedUpTransfer', { walletId, transferId: id }, {}));
  world.reserve(faster);
  world.checkpoint();
  world.release(faster);
  expect(verdictOf(world, faster)).toMatchObject({ failure: null });
  expect(wordsOf(world, faster)).toMatch(/Send .* for a fee of at most/);
  expect(verdictOf(world, id)).toMatchObject({ failure: null });
});

test('a permission taken away between reservation and checkpoint leaves the signature unproven', () => {
  const world = createWorld();
  const person = world.register();
  const { assignmentId, permissionId } = world.grant(person.userId, ['Wallets:Transfers:Create', 'Wallets:Sign']);
  const id = activityIdOf(world.transfer(world.wallet(), {}, person));
  world.reserve(id);
  world.done(world.admin, 'permissions.deleteAssignment', { permissionId, assignmentId });
  world.checkpoint();
  world.release(id);
  expect(verdictOf(world, id).failure?.words).toMatch(/lets these bytes be signed: /);
});
