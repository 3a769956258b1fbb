import { FULL_ADMIN, normaliseOperation } from '@/lib/contract/permission-operations';
import type { User } from './shapes';

const ADMIN_NAMES: readonly string[] = [FULL_ADMIN.name, ...FULL_ADMIN.otherNames];

/** Whether the person holds any of the operations. The API decides; this only keeps buttons that would be refused away. */
export const mayDo = (user: User | undefined, operations: readonly string[]): boolean => {
  if (!user) return false;
  if (user.permissionAssignments.some((held) => ADMIN_NAMES.includes(held.permissionName))) return true;
  const held = new Set(
    [
      ...(user.permissions ?? []),
      ...user.permissionAssignments.flatMap((assignment) => assignment.operations ?? []),
    ].map(normaliseOperation),
  );
  return operations.some((operation) => held.has(normaliseOperation(operation)));
};
