import { expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { mayFollow } from './pins';
import { ALWAYS, asks, BLOCK, countLimit } from './testing/people';
import type { Forgery } from './testing/requests';
import { BOB, MALLORY } from './testing/signing';
import { activityIdOf, createWorld, fate, follow, type World } from './testing/world';

const GWEI = 1_000_000_000n;

/** A transfer that is signed and waits in the mempool. */
const stuck = (world = createWorld(), body: { [key: string]: Json } = {}) => {
  const walletId = world.wallet();
  const id = activityIdOf(world.transfer(walletId, body));
  world.reserve(id);
  world.release(id);
  world.broadcast(id);
  return { world, walletId, id };
};
const speedUp = (world: World, walletId: string, id: string, forgery: Forgery = {}) =>
  id.startsWith('tx-')
    ? world.act(world.admin, 'wallets.speedUpTransaction', { walletId, transactionId: id }, {}, forgery)
    : world.act(world.admin, 'wallets.speedUpTransfer', { walletId, transferId: id }, {}, forgery);
const sped = (made: ReturnType<typeof stuck>) => activityIdOf(speedUp(made.world, made.walletId, made.id));
const inMempool = (world: World, id: string): void => {
  world.reserve(id);
  world.release(id);
  world.broadcast(id);
};

test('a broadcast transfer is signed once more at a higher fee, at its own nonce and without its own window', () => {
  const made = stuck();
  const { world, id } = made;
  const faster = sped(made);
  expect(world.activity(id)).toMatchObject({ status: 'Released', spedUpBy: faster });
  expect(world.activity(faster)).toMatchObject({
    kind: 'Transaction',
    status: 'Approved',
    facts: { recipient: expect.stringMatching(/bb$/i), amount: '5' },
  });
  expect(world.sign(faster)).toBe('SIGNED');
  expect(world.activity(faster).pin).toEqual(world.activity(id).pin);
  expect(fate(world.release(faster))).toBe('applied');
  expect(world.state.windows.of(faster)).toEqual([]);
  expect(follow(world).state.tables.activity.get(faster)).toEqual(world.activity(faster));
});

test('bytes that differ in anything but higher fees within the ceiling are void, and no node signs them', () => {
  const made = stuck();
  const { world } = made;
  const faster = sped(made);
  const dearer = { maxFeePerGas: 23n * GWEI, maxPriorityFeePerGas: 2n * GWEI };
  const forged = (choice: object, intent?: object): string => {
    const item = world.activity(faster);
    const { speedsUp } = item;
    if (!speedsUp) throw new Error('Not a speed-up.');
    const repeated = intent ? { ...speedsUp, requestBody: intent as Json } : speedsUp;
    const unsigned = world.unsignedOf({ ...item, speedsUp: repeated }, { ...dearer, ...choice });
    return fate(
      world.append('reserve', {
        activityId: faster,
        unsigned,
        digest: 'aa',
        pin: item.pin ?? world.activity(made.id).pin,
        attempt: 1,
      } as Json),
    );
  };
  expect(forged({}, { kind: 'Native', to: MALLORY, amount: '5' })).toBe('chain.mismatch');
  expect(forged({}, { kind: 'Native', to: BOB, amount: '6' })).toBe('chain.mismatch');
  expect(forged({ nonce: 1 })).toBe('chain.mismatch');
  expect(forged({ gasLimit: 50_001n })).toBe('chain.mismatch');
  expect(forged({ maxFeePerGas: 21n * GWEI })).toBe('chain.underbid');
  expect(forged({ maxPriorityFeePerGas: GWEI })).toBe('chain.underbid');
  expect(forged({ maxFeePerGas: 201n * GWEI })).toBe('chain.mismatch');
  expect(world.activity(faster).status).toBe('Approved');
  world.reserve(faster);
  const other = world.unsignedOf(world.activity(faster), dearer);
  expect(world.judge(faster, { unsigned: other })).toMatchObject({ ok: false });
  expect(world.sign(faster)).toBe('SIGNED');
});

test('only what waits to be mined can be sped up', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const id = activityIdOf(world.transfer(walletId));
  expect(fate(speedUp(world, walletId, id))).toBe('speed_up.status');
  world.reserve(id);
  expect(fate(speedUp(world, walletId, id))).toBe('speed_up.status');
  world.release(id);
  expect(fate(speedUp(world, walletId, id))).toBe('speed_up.status');
  world.broadcast(id);
  expect(fate(world.act(world.admin, 'wallets.speedUpTransaction', { walletId, transactionId: id }, {}))).toBe(
    'transaction.not_found',
  );
  expect(fate(speedUp(world, world.wallet(), id))).toBe('transfer.not_found');
  const faster = activityIdOf(speedUp(world, walletId, id));
  world.broadcast(id, { status: 'Confirmed' });
  expect(world.sign(faster)).toBe('reserve.reject');
  expect(fate(world.append('reject', { activityId: faster }))).toBe('applied');
  expect(world.activity(faster)).toMatchObject({ status: 'Rejected', reason: expect.stringContaining('Confirmed') });
  expect(fate(speedUp(world, walletId, id))).toBe('speed_up.status');
});

test('fees that can’t rise by 10 % inside what was approved are refused, naming the ceiling', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const body = { kind: 'Eip1559', to: BOB, value: '1', gasLimit: '50000', maxFeePerGas: String(21n * GWEI) };
  const id = activityIdOf(world.act(world.admin, 'wallets.broadcastTransaction', { walletId }, body));
  inMempool(world, id);
  const refused = speedUp(world, walletId, id);
  expect(fate(refused)).toBe('speed_up.above_ceiling');
  expect(refused).toMatchObject({
    refusal: { status: 409, message: expect.stringContaining(String(50_000n * 21n * GWEI)) },
  });
});

test('a speed-up is sped up in its turn, one after the other', () => {
  const made = stuck();
  const { world, walletId, id } = made;
  const first = sped(made);
  expect(fate(speedUp(world, walletId, id))).toBe('speed_up.superseded');
  inMempool(world, first);
  expect(fate(speedUp(world, walletId, id))).toBe('speed_up.superseded');
  const second = activityIdOf(speedUp(world, walletId, first));
  expect(world.activity(second).speedsUp).toMatchObject({
    activityId: id,
    unsigned: world.activity(first).reservation?.unsigned,
  });
  expect(world.sign(second)).toBe('SIGNED');
  expect(world.activity(id).spedUpBy).toBe(first);
});

test('an ended speed-up leaves the request as it was, to be sped up again', () => {
  const made = stuck();
  const { world, id } = made;
  const first = sped(made);
  world.reserve(first);
  expect(fate(world.abandon(first))).toBe('applied');
  expect(world.sign(sped(made))).toBe('SIGNED');
  expect(world.activity(id).status).toBe('Released');
});

test('a cancel takes the nonce from a request and from its speed-ups', () => {
  const made = stuck();
  const { world, walletId, id } = made;
  const first = sped(made);
  inMempool(world, first);
  const second = activityIdOf(speedUp(world, walletId, first));
  const cancel = activityIdOf(
    world.act(world.admin, 'wallets.cancelTransaction', { walletId, transactionId: first }, {}),
  );
  expect(world.activity(cancel).cancels).toBe(id);
  expect(world.sign(cancel)).toBe('SIGNED');
  expect(world.sign(second)).toBe('evidence.superseded');
  expect(world.sign(first)).toBe('evidence.superseded');
  expect(fate(speedUp(world, walletId, first))).toBe('speed_up.cancelled');
  world.release(cancel);
  world.broadcast(cancel);
  expect(fate(speedUp(world, walletId, cancel))).toBe('speed_up.cancel');
});

test('what the policies in force would not let be signed now is not sped up', () => {
  const made = stuck();
  const { world } = made;
  const faster = sped(made);
  const policyId = world.policy(ALWAYS, asks([world.approver().userId]));
  expect(world.sign(faster)).toBe('reserve.reject');
  expect(fate(world.append('reopen', { activityId: faster }, { effects: { approvalId: world.id('approval') } }))).toBe(
    'reopen.not_due',
  );
  world.done(world.admin, 'policies.archivePolicy', { policyId });
  expect(world.sign(faster)).toBe('SIGNED');
  world.policy(ALWAYS, BLOCK);
  expect(world.sign(faster)).toBe('evidence.blocked');
  expect(fate(world.append('reject', { activityId: faster }))).not.toBe('applied');
});

test('a speed-up does not count again in windows, and keeps the approval of what it repeats', () => {
  const world = createWorld();
  const ann = world.approver();
  world.policy(ALWAYS, asks([ann.userId]));
  world.policy(countLimit(1), BLOCK);
  const walletId = world.wallet();
  const id = activityIdOf(world.transfer(walletId));
  world.vote(ann, world.activity(id).approvalId ?? '');
  inMempool(world, id);
  expect(world.sign(activityIdOf(speedUp(world, walletId, id)))).toBe('SIGNED');
});

test('a frozen wallet speeds nothing up', () => {
  const made = stuck();
  const { world, walletId, id } = made;
  const faster = sped(made);
  world.done(world.admin, 'x.freeze', {}, { walletId });
  expect(fate(speedUp(world, walletId, id))).toBe('freeze.wallet');
  expect(world.sign(faster)).toBe('freeze.wallet');
});

test('a statement that names another request or another ceiling is void', () => {
  const { world, walletId, id } = stuck();
  const other = activityIdOf(world.transfer(walletId));
  const context = {
    walletId,
    network: 'EthereumSepolia',
    activityId: id,
    activityDigest: world.activity(other).digest,
  };
  expect(fate(speedUp(world, walletId, id, { statement: { context } }))).toBe('ledger.context');
  expect(world.activity(id).spedUpBy).toBeUndefined();
});

test('a node that released one of them releases only what may come after it under the same pin', () => {
  const made = stuck();
  const { world, walletId, id } = made;
  const first = sped(made);
  inMempool(world, first);
  const second = activityIdOf(speedUp(world, walletId, first));
  const cancel = activityIdOf(world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: id }, {}));
  const other = activityIdOf(world.transfer(walletId));
  const after = (activityId: string, earlier: string) => mayFollow(world.activity(activityId), world.activity(earlier));
  expect([after(first, id), after(second, id), after(second, first), after(cancel, id), after(cancel, second)]).toEqual(
    Array(5).fill(true),
  );
  expect([after(id, first), after(first, cancel), after(id, cancel), after(other, id), after(first, other)]).toEqual(
    Array(5).fill(false),
  );
});
