import { expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { ALWAYS, asks } from './testing/people';
import { createWorld, fate, type World } from './testing/world';

const anybody: Json = { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: {} }] };
const propose = (world: World, action: Json, activityKind = 'Wallets:Sign') =>
  fate(world.act(world.admin, 'policies.createPolicy', {}, { name: 'a policy', activityKind, rule: ALWAYS, action }));

test('a strict organisation takes no policy that anybody may approve', () => {
  expect(propose(createWorld({ strict: true }), anybody)).toBe('policy.strict_approvers');
  expect(propose(createWorld(), anybody)).toBe('applied');
});

test('in a strict organisation a service account is never the only approver', () => {
  const world = createWorld({ strict: true });
  const person = world.approver();
  const robot = world.approver();
  const record = world.state.tables.user.get(robot.userId);
  if (!record) throw new Error('No user.');
  world.state.tables.user.set(robot.userId, { ...record, isServiceAccount: true });
  const group = (ids: string[]): Json => ({
    kind: 'RequestApproval',
    approvalGroups: [{ quorum: 1, approvers: { userId: { in: ids } }, serviceAccountsCanApprove: true }],
  });
  expect(propose(world, group([robot.userId]))).toBe('policy.strict_approvers');
  expect(propose(world, group([robot.userId, person.userId]))).toBe('applied');
});

test('a strict organisation refuses to change a policy to one that anybody may approve', () => {
  const world = createWorld({ strict: true });
  const person = world.approver();
  const policyId = world.policy(ALWAYS, asks([person.userId]));
  const body = { name: 'a policy', activityKind: 'Wallets:Sign', rule: ALWAYS, action: anybody };
  expect(fate(world.act(world.admin, 'policies.updatePolicy', { policyId }, body))).toBe('policy.strict_approvers');
});
