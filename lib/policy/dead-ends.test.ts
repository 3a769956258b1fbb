import { expect, test } from 'vitest';
import { findDeadEnd, findSharedDeadEnd } from './dead-ends';
import type { ApprovalGroup, PolicyDefinition } from './policy';
import { aGroup, aPolicy } from './testing/builders';

const governing = (...approvalGroups: ApprovalGroup[]) =>
  aPolicy('plc-1', { activityKind: 'Policies:Modify', action: { kind: 'RequestApproval', approvalGroups } });
const humans = (...users: string[]) => users.map((userId) => ({ userId, isServiceAccount: false }));

test('a group with fewer live voters than its quorum is a dead end', () => {
  expect(
    findDeadEnd([governing(aGroup(2, ['us-a', 'us-b'], { initiatorCanApprove: true }))], humans('us-a', 'us-c')),
  ).toEqual({
    policyId: 'plc-1',
    policyName: 'plc-1',
    groupIndex: 0,
    required: 2,
    available: 1,
  });
});
test('a possible initiator in a group that excludes them leaves one voter less', () => {
  const policy = governing(aGroup(2, ['us-a', 'us-b']));
  expect(findDeadEnd([policy], humans('us-a', 'us-b'))).toMatchObject({ available: 1 });
  expect(findDeadEnd([policy], humans('us-a', 'us-b'), (user) => user === 'us-z')).toBeNull();
  // One of them is enough: nobody may be locked out of asking.
  expect(findDeadEnd([policy], humans('us-a', 'us-b'), (user) => user === 'us-a')).toMatchObject({ available: 1 });
});
test('any human of a group without names counts, service accounts do not', () => {
  const voters = [...humans('us-a', 'us-b'), { userId: 'us-s', isServiceAccount: true }];
  expect(findDeadEnd([governing(aGroup(1))], voters)).toBeNull();
  expect(findDeadEnd([governing(aGroup(2))], voters)).toMatchObject({ required: 2, available: 1 });
});
test('a listed service account counts where it may approve', () => {
  const voters = [...humans('us-a', 'us-b'), { userId: 'us-s', isServiceAccount: true }];
  expect(
    findDeadEnd([governing(aGroup(2, ['us-a', 'us-b', 'us-s'], { serviceAccountsCanApprove: true }))], voters),
  ).toBeNull();
});
test('policies on wallets, archived ones and blocks are no dead ends', () => {
  const wallet = aPolicy('plc-2', { action: { kind: 'RequestApproval', approvalGroups: [aGroup(9)] } });
  expect(
    findDeadEnd(
      [
        wallet,
        { ...governing(aGroup(9)), status: 'Archived' },
        aPolicy('plc-3', { activityKind: 'Permissions:Assign' }),
      ],
      [],
    ),
  ).toBeNull();
});
test('a quorum that cannot be filled by anybody is a dead end', () => {
  expect(findDeadEnd([governing(aGroup(0))], humans('us-a', 'us-b', 'us-c'))).not.toBeNull();
});

const own = { initiatorCanApprove: true };
test('where people count once, groups that each could be filled are a dead end together', () => {
  const policy = governing(aGroup(1, ['us-a', 'us-b'], own), aGroup(1, ['us-a'], own));
  expect(findSharedDeadEnd([policy], humans('us-a'))).toMatchObject({ policyId: 'plc-1', available: 0 });
  expect(findSharedDeadEnd([policy], humans('us-a', 'us-b'))).toBeNull();
  // Whoever of them asks is one less.
  const excluding = governing(aGroup(1, ['us-a', 'us-b']), aGroup(1, ['us-a', 'us-b', 'us-c']));
  expect(findSharedDeadEnd([excluding], humans('us-a', 'us-b'))).not.toBeNull();
  expect(findSharedDeadEnd([excluding], humans('us-a', 'us-b', 'us-c'))).toBeNull();
});
test('policies that one change has to satisfy share their people, those of other objects do not', () => {
  const about = (id: string, permissionId?: string) =>
    aPolicy(id, {
      activityKind: 'Permissions:Modify',
      action: { kind: 'RequestApproval', approvalGroups: [aGroup(1, ['us-a'], own)] },
      ...(permissionId ? { filters: { permissionId: { in: [permissionId] } } } : {}),
    });
  expect(findSharedDeadEnd([about('plc-1'), about('plc-2', 'pm-9')], humans('us-a'))).not.toBeNull();
  expect(findSharedDeadEnd([about('plc-1', 'pm-8'), about('plc-2', 'pm-9')], humans('us-a'))).toBeNull();
});

const asking = (id: string, name: string, groups: ApprovalGroup[], more: Partial<PolicyDefinition> = {}) =>
  aPolicy(id, {
    name,
    activityKind: 'Policies:Modify',
    action: { kind: 'RequestApproval', approvalGroups: groups },
    ...more,
  });
const about = (policyId: string): Partial<PolicyDefinition> => ({ filters: { policyId: { in: [policyId] } } });

test('of several dead ends the first by id is told, however the policies come', () => {
  const [a, b] = [asking('plc-a', 'first', [aGroup(3)]), asking('plc-b', 'second', [aGroup(1), aGroup(4)])];
  for (const policies of [
    [a, b],
    [b, a],
  ])
    expect(findDeadEnd(policies, humans('us-a'))).toMatchObject({ policyId: 'plc-a', policyName: 'first' });
  expect(findDeadEnd([b], humans('us-a', 'us-b'))).toEqual({
    policyId: 'plc-b',
    policyName: 'second',
    groupIndex: 1,
    required: 4,
    available: 1,
  });
});
test('a dead end of several policies names the one that is short, its group and how many are left for it', () => {
  const a = asking('plc-a', 'first', [aGroup(1, ['us-a'], own)]);
  const b = asking('plc-b', 'second', [aGroup(1, ['us-c'], own), aGroup(2, ['us-a', 'us-b'], own)]);
  for (const policies of [
    [a, b],
    [b, a],
  ])
    expect(findSharedDeadEnd(policies, humans('us-a', 'us-b', 'us-c'))).toEqual({
      policyId: 'plc-b',
      policyName: 'second',
      groupIndex: 1,
      required: 2,
      available: 1,
    });
});
test('what blocks, or is archived, needs nobody', () => {
  const a = asking('plc-a', 'first', [aGroup(1, ['us-a'], own)]);
  const blocking = aPolicy('plc-b', { activityKind: 'Policies:Modify' });
  const archived = { ...asking('plc-c', 'third', [aGroup(1, ['us-a'], own)]), status: 'Archived' as const };
  expect(findSharedDeadEnd([a, blocking, archived], humans('us-a'))).toBeNull();
});
test('policies about different policies share their people when wallets are un-frozen, which is about none of them', () => {
  const one = (id: string, subject: string) => asking(id, id, [aGroup(1, ['us-a'], own)], about(subject));
  expect(findSharedDeadEnd([one('plc-a', 'plc-8'), one('plc-b', 'plc-9')], humans('us-a'))).not.toBeNull();
});
test('who is left out of one group still counts in the other, and is left out where they ask', () => {
  const policy = asking('plc-a', 'first', [aGroup(1, ['us-a', 'us-b'], own), aGroup(1, ['us-a', 'us-b'])]);
  expect(findSharedDeadEnd([policy], humans('us-a', 'us-b'))).toBeNull();
  const both = asking('plc-a', 'first', [aGroup(1, ['us-a', 'us-c'], own), aGroup(1, ['us-a', 'us-b'])]);
  expect(findSharedDeadEnd([both], humans('us-a', 'us-b'))).toMatchObject({ groupIndex: 1, available: 0 });
});
test('a group whose quorum can’t be read needs nobody more than it says', () => {
  expect(findSharedDeadEnd([asking('plc-a', 'first', [aGroup(0, ['us-a'], own)])], humans('us-a'))).toBeNull();
});
