import { normaliseOperation } from '@/lib/contract/permission-operations';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { grantedBy } from './aliases';

/** Who asks. A service account's token is the service account itself; a personal access token acts inside its owner. */
export type Principal = {
  readonly userId: string;
  readonly kind: 'CustomerEmployee' | 'EndUser';
  readonly token?: { readonly id: string; readonly kind: 'Pat' | 'ServiceAccount' };
};

export type GrantedPermission = { readonly operations: readonly string[]; readonly isArchived: boolean };
export type GrantedAssignment = {
  readonly permissionId: string;
  readonly identityId: string;
  readonly isRevoked: boolean;
};

/** An organisation's permissions and assignments; ledger records fit as they are. */
export type Grants = {
  /** The managed permission that holds every current and future operation. */
  readonly fullAdminPermissionId: string;
  readonly findPermission: (permissionId: string) => GrantedPermission | undefined;
  readonly assignmentsOf: (identityId: string) => Iterable<GrantedAssignment>;
};

/** What somebody may do: everything, or a set of operations under their checked names. */
export type EffectiveOperations = 'everything' | ReadonlySet<string>;

/** Union over live assignments of unarchived permissions; for a personal access token what both it and its owner may. Default deny. */
export const effectiveOperations = (principal: Principal, grants: Grants): EffectiveOperations => {
  const own = operationsOf(principal.userId, grants);
  if (principal.token?.kind !== 'Pat') return own;
  const token = operationsOf(principal.token.id, grants);
  if (own === 'everything') return token;
  if (token === 'everything') return own;
  return new Set([...token].filter((operation) => own.has(operation)));
};

export const includesOperation = (operations: EffectiveOperations, operation: string): boolean =>
  operations === 'everything' || operations.has(normaliseOperation(operation));

/** Whether the principal may perform the operation. */
export const isAllowed = (principal: Principal, operation: string, grants: Grants): boolean =>
  includesOperation(effectiveOperations(principal, grants), operation);

/** Accepts a principal that holds one of the operations, else refuses with 403 naming the first. Empty is allowed to everybody. */
export const authorize = (principal: Principal, anyOf: readonly string[], grants: Grants): Outcome<true> => {
  const operations = effectiveOperations(principal, grants);
  const [first] = anyOf;
  if (first === undefined || anyOf.some((operation) => includesOperation(operations, operation))) return accepted(true);
  return missingPermission(principal, first);
};

/** The dialect's refusal of somebody who lacks an operation. */
export const missingPermission = (
  principal: Pick<Principal, 'kind' | 'userId'>,
  operation: string,
): ReturnType<typeof refused> =>
  refused(
    403,
    'authorization.missing_permission',
    `${principal.kind} ${principal.userId} is not authorized to perform operation (${operation})`,
  );

const operationsOf = (identityId: string, grants: Grants): EffectiveOperations => {
  const operations = new Set<string>();
  for (const assignment of grants.assignmentsOf(identityId)) {
    if (assignment.identityId !== identityId || assignment.isRevoked) continue;
    const permission = grants.findPermission(assignment.permissionId);
    if (!permission || permission.isArchived) continue;
    if (assignment.permissionId === grants.fullAdminPermissionId) return 'everything';
    for (const stored of permission.operations) for (const operation of grantedBy(stored)) operations.add(operation);
  }
  return operations;
};
