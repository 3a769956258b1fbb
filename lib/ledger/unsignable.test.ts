import { expect, test } from 'vitest';
import { ALWAYS, asks, BLOCK } from './testing/people';
import { activityIdOf, createWorld, fate } from './testing/world';
import { whyUnsignable } from './unsignable';

const MINUTE = 60_000;

/** A transfer that holds its nonce, in a world with an approver. */
const aReservation = () => {
  const world = createWorld();
  const walletId = world.wallet();
  const ann = world.approver();
  const activityId = activityIdOf(world.transfer(walletId));
  const why = () => whyUnsignable(world.state, activityId, { at: world.now(), patienceMs: MINUTE });
  expect(why()).toBeNull();
  expect(fate(world.reserve(activityId))).toBe('applied');
  return { world, walletId, ann, activityId, why };
};

test('a reservation that no policy speaks of can be signed', () => {
  expect(aReservation().why()).toBeNull();
});
test('a policy that blocks, or asks people who did not approve, keeps what is reserved from being signed, as nodes say', () => {
  const blocked = aReservation();
  const policyId = blocked.world.policy(ALWAYS, BLOCK);
  expect(blocked.why()).toMatchObject({ status: 403, code: 'evidence.blocked' });
  expect(blocked.world.judge(blocked.activityId)).toEqual({ ok: false, refusal: blocked.why() });
  blocked.world.done(blocked.world.admin, 'policies.archivePolicy', { policyId });
  expect(blocked.why()).toBeNull();

  const asked = aReservation();
  asked.world.policy(ALWAYS, asks([asked.ann.userId]));
  expect(asked.why()).toMatchObject({ status: 403, code: 'evidence.approvals_missing' });
  expect(asked.world.judge(asked.activityId)).toEqual({ ok: false, refusal: asked.why() });
});
test('an approver who is gone keeps what is reserved from being signed', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const ann = world.approver();
  world.policy(ALWAYS, asks([ann.userId]));
  const activityId = activityIdOf(world.transfer(walletId));
  world.vote(ann, world.activity(activityId).approvalId ?? '');
  world.reserve(activityId);
  const why = () => whyUnsignable(world.state, activityId, { at: world.now(), patienceMs: MINUTE })?.code;
  expect(why()).toBeUndefined();
  world.done(world.admin, 'auth.deactivateUser', { userId: ann.userId });
  expect(why()).toBe('evidence.approvals_missing');
});
test('a delay that came later keeps it from being signed while more than the patience of it is left', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const ann = world.approver();
  world.policy(ALWAYS, asks([ann.userId]));
  const activityId = activityIdOf(world.transfer(walletId));
  world.vote(ann, world.activity(activityId).approvalId ?? '');
  world.reserve(activityId);
  world.policy(ALWAYS, asks([ann.userId], 1, { minimumDelay: 10 }));
  const why = () => whyUnsignable(world.state, activityId, { at: world.now(), patienceMs: MINUTE })?.code;
  expect(why()).toBe('evidence.delayed');
  world.wait(9 * MINUTE);
  expect(why()).toBeUndefined();
});
test('what a freeze or a lost permission keeps from being signed is not given up for it: both may pass', () => {
  const { world, why } = aReservation();
  world.policy(ALWAYS, BLOCK);
  world.done(world.admin, 'x.freeze', {}, {});
  expect(why()).toBeNull();
});
test('a request that holds nothing, or is signed, is none of it', () => {
  const { world, activityId, why } = aReservation();
  const waiting = activityIdOf(world.transfer(world.wallet()));
  world.release(activityId);
  world.policy(ALWAYS, BLOCK);
  expect(why()).toBeNull();
  expect(whyUnsignable(world.state, waiting, { at: world.now(), patienceMs: MINUTE })).toBeNull();
  expect(whyUnsignable(world.state, 'xfr-none', { at: world.now(), patienceMs: MINUTE })).toBeNull();
});
