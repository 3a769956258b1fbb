import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PERMISSION_OPERATIONS } from '@/lib/contract/permission-operations';
import { effectiveOperations, includesOperation, type Principal } from './evaluate';
import { explainOperation, explainOperations, type NamedGrants } from './explain';

const user: Principal = { userId: 'us-1', kind: 'CustomerEmployee', proof: 'any' };
const pat: Principal = { ...user, token: { id: 'to-1', kind: 'Pat' } };

type Grant = { to: string; operations: string[]; isArchived?: boolean; isRevoked?: boolean; admin?: boolean };
const grants = (list: readonly Grant[]): NamedGrants => ({
  fullAdminPermissionId: 'pm-admin',
  findPermission: (id) => {
    const found = list.find((item, index) => (item.admin ? 'pm-admin' : `pm-${index}`) === id);
    return found && { operations: found.operations, isArchived: found.isArchived ?? false };
  },
  assignmentsOf: (identityId) =>
    list.flatMap((item, index) =>
      item.to === identityId
        ? [
            {
              id: `as-${index}`,
              permissionId: item.admin ? 'pm-admin' : `pm-${index}`,
              identityId,
              isRevoked: item.isRevoked ?? false,
            },
          ]
        : [],
    ),
});

test('an operation is explained by every live role that holds it, under the name it has there', () => {
  const given = grants([
    { to: 'us-1', operations: ['Wallets:Sign'] },
    { to: 'us-1', operations: ['Wallets:Transfers:Create'] },
    { to: 'us-1', operations: ['Wallets:Transfers:Create'], isRevoked: true },
  ]);
  expect(explainOperation(user, 'Wallets:Transfers:Create', given)?.because).toEqual([
    { permissionId: 'pm-0', assignmentId: 'as-0', as: 'Wallets:Sign' },
    { permissionId: 'pm-1', assignmentId: 'as-1', as: 'Wallets:Transfers:Create' },
  ]);
});
test('a token names its own role and its owner’s', () => {
  const given = grants([
    { to: 'us-1', operations: [], admin: true },
    { to: 'to-1', operations: ['Wallets:Read'] },
  ]);
  expect(explainOperations(pat, given)).toEqual([
    {
      operation: 'Wallets:Read',
      because: [{ permissionId: 'pm-1', assignmentId: 'as-1', as: 'Wallets:Read' }],
      ownerBecause: [{ permissionId: 'pm-admin', assignmentId: 'as-0', as: '*' }],
    },
  ]);
});

const operation = fc.constantFrom('Wallets:Read', 'Wallets:Sign', 'Keys:Create', 'Policies:Evaluations:Vote');
const grant = fc.record({
  to: fc.constantFrom('us-1', 'to-1', 'us-2'),
  operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
  isArchived: fc.boolean(),
  isRevoked: fc.boolean(),
});
test('whatever is allowed has a reason, and nothing else is explained', () => {
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 6 }), fc.constantFrom(user, pat), (list, principal) => {
      const given = grants(list);
      const allowed = effectiveOperations(principal, given);
      const explained = explainOperations(principal, given);
      expect(explained.map((item) => item.operation)).toEqual(
        PERMISSION_OPERATIONS.filter((name) => includesOperation(allowed, name)),
      );
      for (const item of explained) {
        expect(item.because.length).toBeGreaterThan(0);
        if (principal === pat) expect(item.ownerBecause?.length).toBeGreaterThan(0);
      }
    }),
  );
});
