import { normaliseOperation, PERMISSION_OPERATIONS } from '@/lib/contract/permission-operations';
import { grantedBy } from './aliases';
import {
  effectiveOperations,
  type GrantedAssignment,
  type Grants,
  includesOperation,
  type Principal,
} from './evaluate';

/** Why an identity holds an operation: one live assignment of one permission. */
export type Reason = {
  readonly permissionId: string;
  readonly assignmentId: string;
  /** The operation as the permission names it: itself, another spelling, or an umbrella over it; `*` holds everything. */
  readonly as: string;
};

export type ExplainedOperation = {
  readonly operation: string;
  readonly because: readonly Reason[];
  /** For a personal access token: why its owner holds it too. */
  readonly ownerBecause?: readonly Reason[];
};

type Assignment = GrantedAssignment & { readonly id: string };
/** As `Grants`, with the assignments' ids. */
export type NamedGrants = Omit<Grants, 'assignmentsOf'> & {
  readonly assignmentsOf: (identityId: string) => Iterable<Assignment>;
};

const reasonsOf = (identityId: string, operation: string, grants: NamedGrants): readonly Reason[] => {
  const reasons: Reason[] = [];
  for (const { id: assignmentId, permissionId, isRevoked } of grants.assignmentsOf(identityId)) {
    const permission = isRevoked ? undefined : grants.findPermission(permissionId);
    if (!permission || permission.isArchived) continue;
    const as =
      permissionId === grants.fullAdminPermissionId
        ? '*'
        : permission.operations.find((stored) => grantedBy(stored).includes(operation));
    if (as !== undefined) reasons.push({ permissionId, assignmentId, as });
  }
  return reasons;
};

/** Why the principal may perform the operation, or null when it may not. Decided by `effectiveOperations` and then explained. */
export const explainOperation = (
  principal: Principal,
  asked: string,
  grants: NamedGrants,
): ExplainedOperation | null => {
  if (!includesOperation(effectiveOperations(principal, grants), asked)) return null;
  const operation = normaliseOperation(asked);
  const isPat = principal.token?.kind === 'Pat';
  const because = reasonsOf(isPat && principal.token ? principal.token.id : principal.userId, operation, grants);
  return { operation, because, ...(isPat ? { ownerBecause: reasonsOf(principal.userId, operation, grants) } : {}) };
};

/** Every operation of the catalogue that the principal may perform, in the catalogue's order, each with its reasons. */
export const explainOperations = (principal: Principal, grants: NamedGrants): readonly ExplainedOperation[] => {
  const held = effectiveOperations(principal, grants);
  const extra =
    held === 'everything' ? [] : [...held].filter((operation) => !PERMISSION_OPERATIONS.includes(operation));
  return [...PERMISSION_OPERATIONS, ...extra].flatMap((operation) =>
    includesOperation(held, operation) ? (explainOperation(principal, operation, grants) ?? []) : [],
  );
};
