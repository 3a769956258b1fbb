import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import type { Extension } from '../replay';
import type { Chain } from './chain';
import { type DealtKey, dealKey } from './nodes';
import type { Forgery, Signer } from './requests';

/** The organisation's people, what they own and the rules they made. */
export const createPeople = ({ admin, nodes, k, items, id, append, act, done }: Chain) => {
  const keys = new Map<string, DealtKey>();
  const certify = (keyId: string): Extension => {
    const key = dealKey(keyId, k, nodes, 'world');
    keys.set(keyId, key);
    return append('keyCertificate', { keyId, certificate: key.certificate as unknown as Json });
  };
  const wallet = (signer: Signer = admin, body: { [key: string]: Json } = {}): string => {
    const { walletId = '', keyId } = done(signer, 'wallets.createWallet', {}, { network: 'EthereumSepolia', ...body });
    if (keyId) certify(keyId);
    return walletId;
  };
  /** An invited person who registered a key; under `vouched` nobody has vouched for it yet. */
  const register = (
    credential: SoftwareCredential = softwareKey('Ed25519'),
  ): Signer & { readonly credentialId: string } => {
    const { userId = '' } = done(
      admin,
      'auth.createUser',
      {},
      { email: 'someone@wallets.test', kind: 'CustomerEmployee' },
    );
    const credentialId = id('credential');
    const challenge = 'registration challenge';
    const attested = credential.attest(challenge);
    append(
      'registration',
      { firstFactorCredential: attested as unknown as Json },
      {
        effects: { userId, challenge, credentials: [{ id: credentialId, name: 'Key' }] },
      },
    );
    return { userId, credential, credentialId };
  };
  /** A further credential of somebody who has one. @returns its id. */
  const addCredential = (signer: Signer, credential: SoftwareCredential = softwareKey('P-256')): string => {
    const challenge = 'credential challenge';
    const attested = credential.attest(challenge) as unknown as { [key: string]: Json };
    const body = { ...attested, credentialName: 'Another', challengeIdentifier: 'ch' };
    return done(signer, 'auth.createCredential', {}, body, { effects: { challenge } }).credentialId ?? '';
  };
  const grant = (userId: string, operations: readonly string[]): { permissionId: string; assignmentId: string } => {
    const name = `role ${items.length}`;
    const { permissionId = '' } = done(admin, 'permissions.createPermission', {}, { name, operations });
    const { assignmentId = '' } = done(admin, 'permissions.createAssignment', { permissionId }, { identityId: userId });
    return { permissionId, assignmentId };
  };
  /** An end user whom `introducer` brought in, with wallets that came to be with them. */
  const endUser = (
    introducer: Signer = serviceAccount(['Auth:Register:Delegated']),
    wallets: readonly Json[] = [],
    credential: SoftwareCredential = softwareKey('Ed25519'),
  ): Signer & { readonly walletIds: readonly string[] } => {
    const operation = 'auth.createDelegatedRegistrationChallenge';
    const { userId = '' } = done(introducer, operation, {}, { email: 'end@user.test', kind: 'EndUser' });
    const challenge = 'registration challenge';
    const ids = wallets.map(() => ({ walletId: id('wallet'), keyId: id('key') }));
    append(
      'registration',
      { firstFactorCredential: credential.attest(challenge) as unknown as Json, wallets },
      { effects: { userId, challenge, credentials: [{ id: id('credential'), name: 'Key' }], wallets: ids } },
    );
    for (const { keyId } of ids) certify(keyId);
    return { userId, credential, walletIds: ids.map((item) => item.walletId) };
  };
  const approver = (): Signer & { readonly credentialId: string } => {
    const person = register();
    grant(person.userId, ['Policies:Approvals:Approve']);
    return person;
  };
  type Bearer = Signer & { readonly tokenId: string };
  /** The server chooses the credential id of a token's key. */
  const bearer = (userId: string, effects: { readonly [name: string]: string }, key: SoftwareCredential): Bearer => {
    const { tokenId = '', credId = '' } = effects;
    const assert = (challenge: string) => ({ ...key.assert(challenge), credId });
    return { userId, tokenId, credential: { ...key, credId, assert } };
  };
  /** A personal access token of somebody, with operations of its own where they are named. */
  const token = (owner: Signer, operations: readonly string[] = [], more: { [key: string]: Json } = {}): Bearer => {
    const key = softwareKey('P-256');
    const body = { name: 'token', publicKey: key.publicKey, ...more };
    const made = bearer(owner.userId, done(owner, 'auth.createPersonalAccessToken', {}, body), key);
    if (operations.length > 0) grant(made.tokenId, operations);
    return made;
  };
  /** A service account, with operations of its own where they are named. */
  const serviceAccount = (operations: readonly string[] = []): Bearer => {
    const key = softwareKey('P-256');
    const effects = done(admin, 'auth.createServiceAccount', {}, { name: 'bot', publicKey: key.publicKey });
    const made = bearer(effects.userId ?? '', effects, key);
    if (operations.length > 0) grant(made.userId, operations);
    return made;
  };
  const policy = (
    rule: Json,
    action: Json,
    activityKind = 'Wallets:Sign',
    more: { [key: string]: Json } = {},
  ): string =>
    done(admin, 'policies.createPolicy', {}, { name: 'a policy', activityKind, rule, action, ...more }).policyId ?? '';
  const vote = (
    signer: Signer,
    approvalId: string,
    value: 'Approved' | 'Denied' = 'Approved',
    forgery: Forgery = {},
  ): Extension => act(signer, 'policies.createApprovalDecision', { approvalId }, { value }, forgery);

  return {
    keys,
    certify,
    wallet,
    register,
    addCredential,
    grant,
    approver,
    token,
    serviceAccount,
    endUser,
    policy,
    vote,
  };
};
export type People = ReturnType<typeof createPeople>;

/** An action that asks the group for `quorum` approvals. */
export const asks = (userIds: readonly string[], quorum = 1, more: { [key: string]: Json } = {}): Json => ({
  kind: 'RequestApproval',
  approvalGroups: [{ quorum, approvers: { userId: { in: [...userIds] } }, initiatorCanApprove: false }],
  ...more,
});
export const ALWAYS: Json = { kind: 'AlwaysTrigger' };
export const BLOCK: Json = { kind: 'Block' };
export const countLimit = (limit: number, timeframe = 60): Json => ({
  kind: 'TransactionCountVelocity',
  configuration: { limit, timeframe },
});
