import { expect, test } from 'vitest';
import { findDeadEnd, findSharedDeadEnd } from './dead-ends';
import type { ApprovalGroup } from './policy';
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
