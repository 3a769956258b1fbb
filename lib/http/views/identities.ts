import { parsePublicKey } from '@/lib/authentication/pem';
import type { BackupRow } from '@/lib/authentication/ports';
import { toTimestamp } from '@/lib/contract/fields';
import { sha256, utf8ToBytes } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import type { CredentialRecord, TokenRecord, UserRecord } from '@/lib/ledger/records';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { callerOf, orRefuse } from '../handler';
import type { View, Views } from '../registry';
import type { Services } from '../services';

/** Assignments of a user or token, as users and tokens show them. */
export const heldPermissions = (state: OrgState, identityId: string) =>
  state.tables.assignment
    .by('identityId', identityId)
    .filter((item) => !item.isRevoked)
    .flatMap((assignment) => {
      const permission = find(state, 'permission', assignment.permissionId);
      if (!permission || permission.isArchived) return [];
      const { id: permissionId, name: permissionName, operations } = permission;
      return [{ permissionName, permissionId, assignmentId: assignment.id, operations: [...operations] }];
    });

/** What users and service accounts have in common (contract §2.7). */
export const identityView = (state: OrgState, user: UserRecord, username: string) => {
  const orgId = all(state, 'org')[0]?.id ?? '';
  const [first] = state.tables.credential.by('userId', user.id).filter((item) => item.kind !== 'RecoveryKey');
  const permissionAssignments = heldPermissions(state, user.id);
  return {
    username,
    name: username,
    userId: user.id,
    kind: user.kind,
    credentialUuid: first?.id ?? '',
    orgId,
    permissions: [...new Set(permissionAssignments.flatMap((held) => held.operations))],
    isActive: user.isActive,
    isServiceAccount: user.isServiceAccount,
    isRegistered: user.isRegistered,
    permissionAssignments,
  };
};

/** Users in the dialect's shape, with the names kept beside the ledger. */
export const userViews = async (state: OrgState, users: readonly UserRecord[], services: Services) => {
  const orgId = all(state, 'org')[0]?.id ?? '';
  const people = await services.identity.findPeople(
    orgId,
    users.map((user) => user.id),
  );
  const names = new Map(people.map((person) => [person.userId, person.username]));
  return users.map((user) => ({
    ...identityView(state, user, names.get(user.id) ?? nameOfToken(state, user.id)),
    isSSORequired: user.isSSORequired === true,
  }));
};

const tokensOf = (state: OrgState, userId: string): TokenRecord[] =>
  state.tables.token.by('userId', userId).filter((item) => item.kind === 'ServiceAccount');

const nameOfToken = (state: OrgState, userId: string): string => tokensOf(state, userId)[0]?.name ?? '';

/** `SHA256:` and base64 of the SHA-256 of the key's SPKI DER: what people compare (contract A20). */
export const keyFingerprintText = (publicKey: string): string => {
  const hash = sha256(parsePublicKey(publicKey)?.spki ?? utf8ToBytes(publicKey));
  return `SHA256:${Buffer.from(hash).toString('base64')}`;
};

/** A long-lived token; `accessToken` only right after it was made. */
export const tokenView = (state: OrgState, token: TokenRecord, accessToken?: string) => {
  const credential = find(state, 'credential', token.credentialId);
  return {
    ...(accessToken ? { accessToken } : {}),
    dateCreated: toTimestamp(token.dateCreated),
    credId: credential?.credId ?? '',
    isActive: token.isActive,
    kind: token.kind,
    linkedUserId: token.userId,
    linkedAppId: '',
    name: token.name,
    orgId: all(state, 'org')[0]?.id ?? '',
    permissionAssignments: heldPermissions(state, token.kind === 'Pat' ? token.id : token.userId),
    publicKey: credential ? keyFingerprintText(credential.publicKey) : '',
    tokenId: token.id,
  };
};

/** A service account; `accessToken` of the token just minted. */
export const serviceAccountView = (state: OrgState, user: UserRecord, accessToken?: string) => ({
  userInfo: identityView(state, user, nameOfToken(state, user.id)),
  accessTokens: tokensOf(state, user.id).map((token) => tokenView(state, token, accessToken)),
});

/** A credential as its owner sees it. */
const credentialView = (credential: CredentialRecord) => ({
  kind: credential.kind,
  credentialId: credential.credId,
  credentialUuid: credential.id,
  dateCreated: toTimestamp(credential.dateCreated),
  isActive: credential.isActive,
  name: credential.name,
  publicKey: credential.publicKey,
  relyingPartyId: credential.rpId ?? '',
  origin: credential.origin ?? '',
});

/** What is known of a passkey's backup: whether it may be copied, whether it was when last used, and when that changed. */
export const backupView = (credential: CredentialRecord, seen: BackupRow | undefined) =>
  credential.isBackupEligible === undefined && !seen
    ? {}
    : {
        backup: {
          isEligible: credential.isBackupEligible ?? seen?.isBackedUp === true,
          isBackedUp: seen?.isBackedUp ?? credential.wasBackedUp === true,
          ...(seen?.changedAt ? { dateChanged: toTimestamp(seen.changedAt.getTime()) } : {}),
        },
      };

/** Credentials as their owner sees them, with what is known of their backup. */
export const credentialViews = async (credentials: readonly CredentialRecord[], services: Services) => {
  const seen = await services.identity.findBackups(credentials.map((item) => item.id));
  return credentials.map((item) => ({ ...credentialView(item), ...backupView(item, seen.get(item.id)) }));
};

const viewUser: View = async (id, request, services) => {
  const state = await services.loadGovernance(callerOf(request).org.id);
  const user = find(state, 'user', id);
  if (!user) return orRefuse(refused(404, 'user.not_found', 'user not found', { userId: id }));
  return user.isServiceAccount ? serviceAccountView(state, user) : (await userViews(state, [user], services))[0];
};

const viewCredential: View = async (id, request, services) => {
  const credential = await services.getRecord(callerOf(request).org.id, 'credential', id);
  return credential
    ? (await credentialViews([credential], services))[0]
    : orRefuse(refused(404, 'credential.not_found', 'credential not found', { credentialUuid: id }));
};

const viewToken: View = async (id, request, services) => {
  const state = await services.loadGovernance(callerOf(request).org.id);
  const token = find(state, 'token', id);
  return token
    ? tokenView(state, token)
    : orRefuse(refused(404, 'token.not_found', 'token not found', { tokenId: id }));
};

export const IDENTITY_VIEWS: Views = { user: viewUser, credential: viewCredential, token: viewToken };
