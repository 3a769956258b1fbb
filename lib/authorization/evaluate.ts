import { normaliseOperation } from '@/lib/contract/permission-operations';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { grantedBy } from './aliases';
import { meetsRules, type Proof, type RoleRules, whatToDo } from './role-rules';

/** Who asks. A service account's token is the service account itself; a personal access token acts inside its owner. */
export type Principal = {
  readonly userId: string;
  readonly kind: 'CustomerEmployee' | 'EndUser';
  readonly token?: { readonly id: string; readonly kind: 'Pat' | 'ServiceAccount' };
  /** `any` asks what they may do with whatever proof the rules of their roles demand. */
  readonly proof: Proof | 'any';
};

/** The identity as this room sees it; ledger records fit as they are. */
export const principalOf = (
  identity: {
    readonly user: { readonly id: string; readonly kind: Principal['kind'] };
    readonly token?: { readonly id: string; readonly kind: 'Pat' | 'ServiceAccount' };
  },
  proof: Principal['proof'],
): Principal => ({
  userId: identity.user.id,
  kind: identity.user.kind,
  ...(identity.token ? { token: { id: identity.token.id, kind: identity.token.kind } } : {}),
  proof,
});

export type GrantedPermission = {
  readonly name?: string;
  readonly operations: readonly string[];
  readonly isArchived: boolean;
  readonly rules?: RoleRules;
};
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

/**
 * Union over live assignments of unarchived permissions whose rules the principal's proof meets; for a personal access token what both
 * it and its owner may. Default deny.
 */
export const effectiveOperations = (principal: Principal, grants: Grants): EffectiveOperations => {
  const own = operationsOf(principal.userId, principal.proof, grants);
  if (principal.token?.kind !== 'Pat') return own;
  const token = operationsOf(principal.token.id, principal.proof, grants);
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
  return withheldByRules(principal, anyOf, grants) ?? missingPermission(principal, first);
};

/** The refusal of somebody who holds an operation, by roles whose rules their proof does not meet; null for anybody else. */
const withheldByRules = (
  principal: Principal,
  anyOf: readonly string[],
  grants: Grants,
): ReturnType<typeof refused> | null => {
  const { proof } = principal;
  const held =
    proof === 'any' ? undefined : anyOf.find((item) => isAllowed({ ...principal, proof: 'any' }, item, grants));
  if (proof === 'any' || held === undefined) return null;
  const identities = [principal.userId, ...(principal.token?.kind === 'Pat' ? [principal.token.id] : [])];
  const roles = identities.flatMap((id) => [...rolesOf(id, grants)]);
  const withheld = roles.find((role) => !meetsRules(role.rules, proof) && includesOperation(grantsOfRole(role), held));
  return refused(
    403,
    'authorization.rules',
    `The role${withheld?.name === undefined ? '' : ` “${withheld.name}”`} that allows ${held} has rules: ${withheld?.rules ? whatToDo(withheld.rules, proof) : 'sign in and sign with a passkey that meets them'}.`,
    { operation: held },
  );
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

type Role = Pick<GrantedPermission, 'name' | 'operations' | 'rules'> & { readonly isEverything: boolean };

/** The unarchived roles that an identity holds. */
function* rolesOf(identityId: string, grants: Grants): Generator<Role> {
  for (const assignment of grants.assignmentsOf(identityId)) {
    if (assignment.identityId !== identityId || assignment.isRevoked) continue;
    const permission = grants.findPermission(assignment.permissionId);
    if (!permission || permission.isArchived) continue;
    const { name, operations, rules } = permission;
    yield { name, operations, rules, isEverything: assignment.permissionId === grants.fullAdminPermissionId };
  }
}

const grantsOfRole = (role: Role): EffectiveOperations =>
  role.isEverything ? 'everything' : new Set(role.operations.flatMap((stored) => [...grantedBy(stored)]));

const operationsOf = (identityId: string, proof: Principal['proof'], grants: Grants): EffectiveOperations => {
  const operations = new Set<string>();
  for (const role of rolesOf(identityId, grants)) {
    if (proof !== 'any' && !meetsRules(role.rules, proof)) continue;
    if (role.isEverything) return 'everything';
    for (const stored of role.operations) for (const operation of grantedBy(stored)) operations.add(operation);
  }
  return operations;
};
