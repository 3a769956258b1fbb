import { expect, test } from 'vitest';
import { accessReviewRows } from './access-review';
import type { Assignment, Permission, ServiceAccount, User } from './shapes';

const DATE = '2026-11-27T00:00:00.000Z';
const role: Permission = {
  id: 'pm-1',
  name: 'Approver',
  operations: ['Policies:Read', 'Policies:Approvals:Approve'],
  status: 'Active',
  isImmutable: false,
  isArchived: false,
  dateCreated: DATE,
  dateUpdated: DATE,
};
const assignment: Assignment = {
  id: 'as-1',
  permissionId: 'pm-1',
  identityId: 'us-1',
  isImmutable: false,
  dateCreated: DATE,
  dateUpdated: DATE,
};
const person = (userId: string, username: string, isActive: boolean): User => ({
  userId,
  username,
  name: username,
  kind: 'CustomerEmployee',
  credentialUuid: '',
  orgId: 'or-1',
  isActive,
  isRegistered: true,
  isServiceAccount: false,
  isSSORequired: false,
  permissionAssignments: [],
});
const none: readonly ServiceAccount[] = [];

test('an access review has a line for each role held, and one for whoever holds none', () => {
  const rows = accessReviewRows({
    roles: [{ role, assignments: [assignment] }],
    people: [person('us-1', 'ann@example.test', true), person('us-2', 'ben@example.test', false)],
    accounts: none,
  });
  expect(rows).toEqual([
    [
      'us-1',
      'ann@example.test',
      'person',
      'active',
      'Approver',
      'pm-1',
      'Policies:Read Policies:Approvals:Approve',
      DATE,
      'as-1',
    ],
    ['us-2', 'ben@example.test', 'person', 'deactivated', '', '', '', '', ''],
  ]);
});
