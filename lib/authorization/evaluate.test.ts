import { expect, test } from 'vitest';
import { normaliseOperation, PERMISSION_OPERATIONS } from '@/lib/contract/permission-operations';
import { grantedBy } from './aliases';
import { authorize, effectiveOperations, type Grants, isAllowed, type Principal } from './evaluate';

const user: Principal = { userId: 'us-1', kind: 'CustomerEmployee', proof: 'any' };
const pat: Principal = { ...user, token: { id: 'to-1', kind: 'Pat' } };

type Grant = { to: string; operations: string[]; isArchived?: boolean; isRevoked?: boolean; id?: string };
const grants = (...list: Grant[]): Grants => ({
  fullAdminPermissionId: 'pm-admin',
  findPermission: (id) => {
    const found = list.find((item, index) => (item.id ?? `pm-${index}`) === id);
    return found && { operations: found.operations, isArchived: found.isArchived ?? false };
  },
  assignmentsOf: (identityId) =>
    list.flatMap((item, index) =>
      item.to === identityId
        ? [{ permissionId: item.id ?? `pm-${index}`, identityId, isRevoked: item.isRevoked ?? false }]
        : [],
    ),
});

test('nothing is allowed without an assignment', () => {
  expect(isAllowed(user, 'Wallets:Read', grants())).toBe(false);
});
test('operations are the union over assigned permissions', () => {
  const given = grants(
    { to: 'us-1', operations: ['Wallets:Read'] },
    { to: 'us-1', operations: ['Keys:Read'] },
    { to: 'us-2', operations: ['Keys:Create'] },
  );
  expect(effectiveOperations(user, given)).toEqual(new Set(['Wallets:Read', 'Keys:Read']));
});
test('archived permissions and revoked assignments grant nothing', () => {
  const given = grants(
    { to: 'us-1', operations: ['Wallets:Read'], isArchived: true },
    { to: 'us-1', operations: ['Keys:Read'], isRevoked: true },
  );
  expect(effectiveOperations(user, given)).toEqual(new Set());
});
test('a personal access token never exceeds its owner, nor itself', () => {
  const given = grants(
    { to: 'us-1', operations: ['Wallets:Read', 'Keys:Read'] },
    { to: 'to-1', operations: ['Wallets:Read', 'Keys:Create'] },
  );
  expect(effectiveOperations(pat, given)).toEqual(new Set(['Wallets:Read']));
});
test('a full admin may do everything, their token only what it was given', () => {
  const given = grants({ id: 'pm-admin', to: 'us-1', operations: [] }, { to: 'to-1', operations: ['Wallets:Read'] });
  expect(isAllowed(user, 'Anything:Ever', given)).toBe(true);
  expect(effectiveOperations(pat, given)).toEqual(new Set(['Wallets:Read']));
});
test('a service account token acts as the service account', () => {
  const given = grants({ to: 'us-1', operations: ['Wallets:Read'] });
  expect(isAllowed({ ...user, token: { id: 'to-9', kind: 'ServiceAccount' } }, 'Wallets:Read', given)).toBe(true);
});
test('Wallets:Sign covers transfers, transactions and signatures and nothing else', () => {
  const given = grants({ to: 'us-1', operations: ['Wallets:Sign'] });
  const covered = PERMISSION_OPERATIONS.filter((operation) => isAllowed(user, operation, given));
  expect(covered.toSorted()).toEqual([
    'Keys:Signatures:Create',
    'Wallets:Sign',
    'Wallets:Transactions:Create',
    'Wallets:Transfers:Create',
  ]);
});
test('Wallets:Read alone sees and never moves', () => {
  expect(authorize(user, ['Wallets:Transfers:Create'], grants({ to: 'us-1', operations: ['Wallets:Read'] })).ok).toBe(
    false,
  );
});
test('newer spellings are checked under the catalogue’s names', () => {
  expect(
    isAllowed(user, 'Policies:Approvals:Approve', grants({ to: 'us-1', operations: ['Policies:Evaluations:Vote'] })),
  ).toBe(true);
  for (const name of [
    'Auth:Delegated:Login',
    'Permissions:Delete',
    'Wallets:Tags:Remove',
    'Networks:Canton:Validators:Read',
    'Wallets:Read',
  ])
    expect(grantedBy(name)[0]).toBe(normaliseOperation(name));
});
test('a refusal names who lacks which operation', () => {
  const result = authorize(user, ['Wallets:Create'], grants());
  expect(result.ok ? null : [result.refusal.status, result.refusal.message]).toEqual([
    403,
    'CustomerEmployee us-1 is not authorized to perform operation (Wallets:Create)',
  ]);
});
