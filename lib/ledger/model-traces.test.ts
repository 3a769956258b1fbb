import { expect, test } from 'vitest';
import { activityIdOf, ALWAYS, asks, BLOCK, countLimit, createWorld, fate, follow, type World } from './testing/world';
import { find } from './state';

const MINUTE = 60_000;

const limited = (): { world: World; walletId: string } => {
  const world = createWorld();
  const walletId = world.wallet();
  world.policy(countLimit(1), BLOCK);
  return { world, walletId };
};
/** One request an hour, and an approver whose request expires after 20 minutes. */
const approved = () => {
  const base = limited();
  const voter = base.world.approver();
  base.world.policy(ALWAYS, asks([voter.userId], 1, { autoRejectTimeout: 20 }));
  return { ...base, voter };
};
const approvalOf = (world: World, id: string): string => world.activity(id).approvalId ?? '';

test('T1 V3: a future-dated request does not escape the window of the one before it', () => {
  const { world, walletId } = limited();
  const a = activityIdOf(world.transfer(walletId));
  expect(world.sign(a, 0)).toBe('SIGNED');
  const at = world.now() + 3800_000;
  const b = activityIdOf(world.transfer(walletId, {}, world.admin, { at, statement: { expiresAt: at + 300_000 } }));
  expect(world.sign(b, 1)).not.toBe('SIGNED');
});
