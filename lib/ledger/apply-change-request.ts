import type { RoleRules } from '@/lib/authorization/role-rules';
import { accepted, type Outcome, refused, unreachable } from '@/lib/domain/refusal';
import type { PolicyDefinition } from '@/lib/policy/policy';
import type { NodeCertificate } from './genesis';
import { adminsLeft, lastAdmin } from './last-admin';
import { certificateHash, nodeStandings } from './nodes';
import { openingTime } from './opening-time';
import { isCooling, type OrgSettings, settingsOf, settingsVersion } from './org-settings';
import { isTooLoose, policiesOf } from './policies';
import type { AssignmentRecord, Change, ChangeRequestRecord, PolicyRecord } from './records';
import { all, find, type OrgState, put } from './state';
import { assignmentVersion, permissionVersion, versionOf } from './version';

const changed = () => refused(409, 'change_request.stale', 'The object changed since this was asked for. Ask again.');
const gone = (what: string) => refused(404, `${what}.not_found`, `${what} not found`);

type PermissionBody = { readonly name: string; readonly operations: readonly string[]; readonly isArchived: boolean };
type AssignmentBody = { readonly id: string; readonly permissionId: string; readonly identityId: string };
type PolicyBody = PolicyDefinition & { readonly status: 'Active' | 'Archived' };

const applyPermission = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  const permission = find(state, 'permission', request.entityId);
  if (!permission) return gone('permission');
  if (permission.version !== request.replaces) return changed();
  const { name, operations, isArchived } = request.body as PermissionBody;
  if (state.tables.permission.by('name', name).some((item) => item.id !== permission.id))
    return refused(
      409,
      'permission.name_taken',
      'A permission of that name exists; names stay reserved after archiving.',
    );
  const next = { ...permission, name, operations, isArchived, dateUpdated: at };
  return accepted([put('permission', { ...next, version: permissionVersion(next) })]);
};

const applyRoleRules = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  const permission = find(state, 'permission', request.entityId);
  if (!permission || permission.isArchived) return gone('permission');
  if (permission.version !== request.replaces) return changed();
  const rules = request.body as RoleRules;
  const { rules: _former, ...rest } = permission;
  const hasRules = rules.hardwareBoundOnly || rules.reauthenticateMinutes !== null;
  const next = { ...rest, ...(hasRules ? { rules } : {}), dateUpdated: at };
  const changes = [put('permission', { ...next, version: permissionVersion(next) })];
  return adminsLeft(state, changes) ? accepted(changes) : lastAdmin();
};

const createAssignment = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  const { id, permissionId, identityId } = request.body as AssignmentBody;
  const permission = find(state, 'permission', permissionId);
  if (!permission || permission.isArchived) return gone('permission');
  const token = find(state, 'token', identityId);
  // A service account holds its permissions itself, whatever token it shows.
  const isIdentity = find(state, 'user', identityId)?.isActive || (token?.kind === 'Pat' && token.isActive);
  if (!isIdentity) return gone('identity');
  const duplicate = state.tables.assignment
    .by('identityId', identityId)
    .find((item) => !item.isRevoked && item.permissionId === permissionId);
  if (duplicate)
    return refused(409, 'assignment.duplicate', 'The identity already holds this permission.', {
      assignmentId: duplicate.id,
    });
  return accepted([
    put('assignment', { id, permissionId, identityId, isImmutable: false, isRevoked: false, dateCreated: at }),
  ]);
};

const deleteAssignment = (state: OrgState, request: ChangeRequestRecord): Outcome<Change[]> => {
  const assignment: AssignmentRecord | undefined = find(state, 'assignment', request.entityId);
  if (!assignment || assignment.isRevoked) return gone('assignment');
  if (assignmentVersion(assignment) !== request.replaces) return changed();
  const changes = [put('assignment', { ...assignment, isRevoked: true })];
  return adminsLeft(state, changes) ? accepted(changes) : lastAdmin();
};

/** How long what a policy on signatures said, or which tags it went by, binds beside a change, in `strict` organisations. */
const COOLING_MS = 86_400_000;

/** Definitions that go on binding for a time: an attacker who changed a policy finds the former one still there. */
const coolingAfter = (state: OrgState, policy: PolicyRecord, at: number): NonNullable<PolicyRecord['cooling']> => {
  const opens = openingTime(state, at);
  if (!isCooling(all(state, 'org')[0], opens) || policy.definition.activityKind !== 'Wallets:Sign') return [];
  const { definition, version } = policy;
  const earlier = (policy.cooling ?? []).filter((item) => opens < item.until && item.version !== version);
  return [...earlier, { definition, version, until: at + COOLING_MS }];
};

const applyPolicy = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  const policy = find(state, 'policy', request.entityId);
  if (!policy || policy.status === 'Archived') return gone('policy');
  if (policy.version !== request.replaces) return changed();
  const { name, activityKind, rule, action, filters, status } = request.body as PolicyBody;
  const definition = { name, activityKind, rule, action, ...(filters ? { filters } : {}) };
  const { cooling: _cooling, ...rest } = policy;
  const next = { ...rest, definition, status, version: versionOf(definition), dateUpdated: at };
  const cooling = coolingAfter(state, policy, at);
  return accepted([put('policy', cooling.length > 0 ? { ...next, cooling } : next)]);
};

const applyUnfreeze = (state: OrgState, request: ChangeRequestRecord): Outcome<Change[]> => {
  const wallet = find(state, 'wallet', request.entityId);
  if (wallet) return accepted([put('wallet', { ...wallet, frozen: false })]);
  const org = find(state, 'org', request.entityId);
  return org ? accepted([put('org', { ...org, frozen: false })]) : gone('wallet');
};

const applyTags = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  const wallet = find(state, 'wallet', request.entityId);
  if (wallet?.status !== 'Active') return gone('wallet');
  const { remove } = request.body as { readonly remove: readonly string[] };
  const { cooling: earlier = [], ...rest } = wallet;
  const opens = openingTime(state, at);
  const taken = isCooling(all(state, 'org')[0], opens) ? [{ tags: remove, until: at + COOLING_MS }] : [];
  const cooling = [...earlier.filter(({ until }) => opens < until), ...taken];
  const tags = wallet.tags.filter((tag) => !remove.includes(tag));
  return accepted([put('wallet', { ...rest, tags, ...(cooling.length > 0 ? { cooling } : {}) })]);
};

/** Credentials that count at this entry go on counting; those of later registrations need somebody who vouches (design §4.3). */
const applyEnrolment = (state: OrgState, request: ChangeRequestRecord): Outcome<Change[]> => {
  const org = find(state, 'org', request.entityId);
  if (!org) return gone('organisation');
  if (org.enrolment === 'vouched')
    return refused(
      409,
      'enrolment.already_vouched',
      'The organisation enrols by vouching already; there is no way back.',
    );
  return accepted([put('org', { ...org, enrolment: 'vouched' })]);
};

/** Groups that anybody may approve stand in no strict organisation: their policies come first. */
const applySettings = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  const org = find(state, 'org', request.entityId);
  if (!org) return gone('organisation');
  if (settingsVersion(settingsOf(org)) !== request.replaces) return changed();
  const settings = request.body as unknown as OrgSettings;
  const loose =
    settings.strict && !org.strict ? policiesOf(state).find((policy) => isTooLoose(state, policy)) : undefined;
  if (loose)
    return refused(
      409,
      'settings.loose_policy',
      `The policy “${loose.definition.name}” has a group that names no person to approve. Name somebody there first.`,
      { policyId: loose.id },
    );
  const { strict, origins, sessions } = settings;
  const ends = org.strict && !strict ? { coolsUntil: at + COOLING_MS } : {};
  return accepted([put('org', { ...org, ...ends, strict, origins, sessions })]);
};

type CertificateChange = {
  readonly kind: 'Renewal' | 'Replacement';
  readonly certificate: NodeCertificate;
};

/**
 * From this entry on what the node signs counts under the new certificate alone. With a lost store it holds no share of the keys made
 * before, so at most n − k nodes may ever have lost one: keys would be left that nobody can sign with.
 */
const applyNodeCertificate = (state: OrgState, request: ChangeRequestRecord): Outcome<Change[]> => {
  const org = all(state, 'org')[0];
  const { kind, certificate } = request.body as CertificateChange;
  const nodes = org ? nodeStandings(org) : [];
  const old = nodes.find((node) => String(node.certificate.node) === request.entityId);
  if (!org || !old) return gone('node');
  if (certificateHash(old.certificate) !== request.replaces) return changed();
  if (certificateHash(certificate) === request.replaces)
    return refused(409, 'node.same_certificate', 'This certificate is in force already.');
  const others = nodes.filter((node) => node !== old);
  if (others.some(({ certificate: other }) => other.signingKey === certificate.signingKey))
    return refused(409, 'node.key_in_use', 'Another node of the organisation has this identity key.');
  const lostStores = old.lostStores + (kind === 'Replacement' ? 1 : 0);
  const { k, n } = org.genesis;
  if (lostStores > old.lostStores && others.filter((node) => node.lostStores > 0).length >= n - k)
    return refused(
      409,
      'node.too_few_holders',
      `The stores of ${n - k} nodes were lost before: keys of that time could not be signed with any more.`,
    );
  return accepted([
    put('org', { ...org, nodes: nodes.map((node) => (node === old ? { certificate, lostStores } : node)) }),
  ]);
};

/**
 * The changes a change request makes, or why it can't be applied any more. Run when it is asked for and again by the entry of
 * the decision that completes its quorum (design §4.4).
 */
export const applyChangeRequest = (state: OrgState, request: ChangeRequestRecord, at: number): Outcome<Change[]> => {
  switch (request.kind) {
    case 'Permission':
      return applyPermission(state, request, at);
    case 'RoleRules':
      return applyRoleRules(state, request, at);
    case 'Assignment':
      return request.operationKind === 'Create'
        ? createAssignment(state, request, at)
        : deleteAssignment(state, request);
    case 'Policy':
      return applyPolicy(state, request, at);
    case 'Freeze':
      return applyUnfreeze(state, request);
    case 'Enrolment':
      return applyEnrolment(state, request);
    case 'Settings':
      return applySettings(state, request, at);
    case 'NodeCertificate':
      return applyNodeCertificate(state, request);
    case 'WalletTags':
      return applyTags(state, request, at);
    default:
      return unreachable(request.kind);
  }
};
