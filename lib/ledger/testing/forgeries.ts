import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import type { Effects } from '../entry';
import { replacement, testNode } from './nodes';
import { ALWAYS, asks, BLOCK } from './people';
import { registerRecoverable } from './recoveries';
import type { Params, Signer } from './requests';
import { BOB } from './signing';
import { activityIdOf, createWorld, type World } from './world';

/** An honest request for one operation: the test then forges it in every way. */
export type HonestRequest = {
  readonly params?: Params;
  readonly body?: Json;
  /** Who asks; the admin where absent. */
  readonly signer?: Signer;
  /** What the server adds by looking up a name. */
  readonly effects?: Effects;
};

const assignmentOf = (world: World, userId: string): Params => {
  const found = [...world.state.tables.assignment.values()].find((item) => item.identityId === userId);
  return { permissionId: found?.permissionId ?? '', assignmentId: found?.id ?? '' };
};
const NEW_KEY = softwareKey('P-256');
const personOf = (world: World): Params => ({ userId: world.register().userId });
const accountOf = (world: World): Params => ({ serviceAccountId: world.serviceAccount().userId });
const tokenOf = (world: World): Params => ({ tokenId: world.token(world.admin).tokenId });
const transfer = { kind: 'Native', to: BOB, amount: '5' };
const reserved = (world: World, operationId: string, body: Json): Params => {
  const walletId = world.wallet();
  const id = activityIdOf(world.act(world.admin, operationId, { walletId }, body));
  world.reserve(id);
  return { walletId, transferId: id, transactionId: id };
};

/** The same, signed and in the mempool. */
const broadcast = (world: World, operationId: string, body: Json): Params => {
  const params = reserved(world, operationId, body);
  world.release(params.transferId ?? '');
  world.broadcast(params.transferId ?? '');
  return params;
};

/** A request that waits for somebody's approval, and nothing holds a nonce for. */
const waiting = (world: World, operationId: string, body: Json): HonestRequest => {
  const walletId = world.wallet();
  world.policy(ALWAYS, asks([world.approver().userId]));
  const id = activityIdOf(world.act(world.admin, operationId, { walletId }, body));
  return { params: { walletId, transferId: id, transactionId: id, activityId: id }, body: {} };
};
/** A request that a policy blocked; the policy is gone. */
const blocked = (world: World, operationId: string, body: Json): Params => {
  const walletId = world.wallet();
  const policyId = world.policy(ALWAYS, BLOCK);
  const id = activityIdOf(world.act(world.admin, operationId, { walletId }, body));
  world.done(world.admin, 'policies.archivePolicy', { policyId });
  return { walletId, transferId: id, transactionId: id, signatureId: id };
};

/** Per operation of the contract that changes the ledger: how to bring about that an honest request of the admin applies. */
export const HONEST_REQUESTS: { readonly [operationId: string]: (world: World) => HonestRequest } = {
  'auth.createUser': () => ({ body: { email: 'new@wallets.test', kind: 'CustomerEmployee' } }),
  'auth.createCredential': () => ({
    body: {
      ...(NEW_KEY.attest('challenge') as unknown as { [key: string]: Json }),
      credentialName: 'second',
      challengeIdentifier: 'challenge',
    },
    effects: { challenge: 'challenge' },
  }),
  'auth.activateCredential': (world) => {
    const body = { credentialUuid: world.addCredential(world.admin) };
    world.done(world.admin, 'auth.deactivateCredential', {}, body);
    return { body };
  },
  'auth.deactivateCredential': (world) => ({ body: { credentialUuid: world.addCredential(world.admin) } }),
  'auth.updateUser': (world) => ({ params: personOf(world), body: { isSSORequired: false } }),
  'auth.activateUser': (world) => {
    const params = personOf(world);
    world.done(world.admin, 'auth.deactivateUser', params, {});
    return { params };
  },
  'auth.deactivateUser': (world) => ({ params: personOf(world) }),
  'auth.archiveUser': (world) => ({ params: personOf(world) }),
  'auth.createCredentialCode': (world) => ({ body: { expiration: world.now() + 30_000 } }),
  'auth.createDelegatedRecoveryChallenge': (world) => {
    const { userId, recoveryKey } = registerRecoverable(world);
    return {
      signer: world.serviceAccount(['Auth:Recover:Delegated']),
      body: { username: 'someone@wallets.test', credentialId: recoveryKey.credId },
      effects: { userId },
    };
  },
  'auth.createServiceAccount': () => ({ body: { name: 'bot', publicKey: NEW_KEY.publicKey } }),
  'auth.updateServiceAccount': (world) => ({ params: accountOf(world), body: { name: 'renamed' } }),
  'auth.activateServiceAccount': (world) => {
    const params = accountOf(world);
    world.done(world.admin, 'auth.deactivateServiceAccount', params, {});
    return { params };
  },
  'auth.deactivateServiceAccount': (world) => ({ params: accountOf(world), body: {} }),
  'auth.archiveServiceAccount': (world) => ({ params: accountOf(world) }),
  'auth.createPersonalAccessToken': () => ({ body: { name: 'token', publicKey: NEW_KEY.publicKey } }),
  'auth.updatePersonalAccessToken': (world) => ({ params: tokenOf(world), body: { name: 'renamed' } }),
  'auth.activatePersonalAccessToken': (world) => {
    const params = tokenOf(world);
    world.done(world.admin, 'auth.deactivatePersonalAccessToken', params, {});
    return { params };
  },
  'auth.deactivatePersonalAccessToken': (world) => ({ params: tokenOf(world) }),
  'auth.archivePersonalAccessToken': (world) => ({ params: tokenOf(world) }),
  'auth.createDelegatedRegistrationChallenge': (world) => ({
    signer: world.serviceAccount(['Auth:Register:Delegated']),
    body: { email: 'end@user.test', kind: 'EndUser' },
  }),
  'auth.delegatedLogin': (world) => ({
    signer: world.serviceAccount(['Auth:Login:Delegated']),
    body: { username: 'end@user.test' },
    effects: { userId: world.endUser().userId },
  }),
  'keys.delegateKey': (world) => {
    const body = { scheme: 'ECDSA', curve: 'secp256k1', delayDelegation: true };
    const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, body);
    world.certify(keyId);
    return { params: { keyId }, body: { delegateTo: world.endUser().userId } };
  },
  'wallets.delegateWallet': (world) => ({
    params: { walletId: world.wallet(world.admin, { delayDelegation: true }) },
    body: { userId: world.endUser().userId },
  }),
  'x.vouchUser': (world) => {
    const person = world.register();
    return {
      params: { userId: person.userId },
      body: { credentialUuid: person.credentialId, fingerprint: keyFingerprint(person.credential.publicKey) },
    };
  },
  'permissions.createPermission': () => ({ body: { name: 'role', operations: ['Wallets:Read'] } }),
  'permissions.updatePermission': (world) => ({
    params: world.grant(world.register().userId, ['Wallets:Read']),
    body: { operations: ['Wallets:Read', 'Wallets:Create'] },
  }),
  'permissions.archivePermission': (world) => ({
    params: world.grant(world.register().userId, ['Wallets:Read']),
    body: { isArchived: true },
  }),
  'x.setRoleRules': (world) => ({
    params: world.grant(world.register().userId, ['Wallets:Read']),
    body: { hardwareBoundOnly: true, reauthenticateMinutes: 15 },
  }),
  'permissions.createAssignment': (world) => ({
    params: world.grant(world.register().userId, ['Wallets:Read']),
    body: { identityId: world.register().userId },
  }),
  'permissions.deleteAssignment': (world) => ({ params: assignmentOf(world, world.approver().userId) }),
  'policies.createPolicy': () => ({
    body: { name: 'p', activityKind: 'Wallets:Sign', rule: ALWAYS, action: { kind: 'Block' } },
  }),
  'policies.updatePolicy': (world) => ({
    params: { policyId: world.policy(ALWAYS, { kind: 'Block' }) },
    body: { name: 'p', activityKind: 'Wallets:Sign', rule: ALWAYS, action: { kind: 'NoAction' } },
  }),
  'policies.archivePolicy': (world) => ({ params: { policyId: world.policy(ALWAYS, { kind: 'Block' }) } }),
  'policies.createApprovalDecision': (world) => {
    const walletId = world.wallet();
    world.policy(ALWAYS, asks([world.approver().userId]));
    const id = activityIdOf(world.transfer(walletId));
    return { params: { approvalId: world.activity(id).approvalId ?? '' }, body: { value: 'Denied' } };
  },
  'keys.updateKey': (world) => {
    const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
    world.certify(keyId);
    return { params: { keyId }, body: { name: 'renamed' } };
  },
  'keys.createKey': () => ({ body: { scheme: 'ECDSA', curve: 'secp256k1' } }),
  'wallets.createWallet': () => ({ body: { network: 'EthereumSepolia' } }),
  'wallets.updateWallet': (world) => ({ params: { walletId: world.wallet() }, body: { name: 'renamed' } }),
  'wallets.tagWallet': (world) => ({ params: { walletId: world.wallet() }, body: { tags: ['cold'] } }),
  'wallets.untagWallet': (world) => ({
    params: { walletId: world.wallet(world.admin, { tags: ['cold'] }) },
    body: { tags: ['cold'] },
  }),
  'wallets.transferAsset': (world) => ({ params: { walletId: world.wallet() }, body: transfer }),
  'wallets.broadcastTransaction': (world) => ({
    params: { walletId: world.wallet() },
    body: { kind: 'Evm', to: BOB, value: '1' },
  }),
  'wallets.generateSignature': (world) => ({
    params: { walletId: world.wallet() },
    body: { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` },
  }),
  'keys.generateSignature': (world) => {
    const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
    world.certify(keyId);
    return { params: { keyId }, body: { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` } };
  },
  'wallets.cancelTransfer': (world) => ({ params: reserved(world, 'wallets.transferAsset', transfer), body: {} }),
  'wallets.cancelTransaction': (world) => ({
    params: reserved(world, 'wallets.broadcastTransaction', { kind: 'Evm', to: BOB, value: '1' }),
    body: {},
  }),
  'wallets.speedUpTransfer': (world) => ({ params: broadcast(world, 'wallets.transferAsset', transfer), body: {} }),
  'wallets.speedUpTransaction': (world) => ({
    params: broadcast(world, 'wallets.broadcastTransaction', { kind: 'Evm', to: BOB, value: '1' }),
    body: {},
  }),
  'wallets.abortTransfer': (world) => waiting(world, 'wallets.transferAsset', transfer),
  'wallets.abortTransaction': (world) =>
    waiting(world, 'wallets.broadcastTransaction', { kind: 'Evm', to: BOB, value: '1' }),
  'x.abortActivity': (world) => waiting(world, 'wallets.transferAsset', transfer),
  'x.cancelChangeRequest': (world) => {
    const people = [world.approver().userId, world.admin.userId];
    const policyId = world.policy(ALWAYS, BLOCK);
    world.policy(ALWAYS, asks(people), 'Policies:Modify');
    const { changeRequestId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
    return { params: { changeRequestId }, body: {} };
  },
  'x.recreateTransfer': (world) => ({
    params: blocked(world, 'wallets.transferAsset', transfer),
    body: transfer,
  }),
  'x.recreateTransaction': (world) => ({
    params: blocked(world, 'wallets.broadcastTransaction', { kind: 'Evm', to: BOB, value: '1' }),
    body: { kind: 'Evm', to: BOB, value: '1' },
  }),
  'x.recreateSignature': (world) => ({
    params: blocked(world, 'wallets.generateSignature', { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` }),
    body: { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` },
  }),
  'x.createDelegation': (world) => ({
    body: { toUserId: world.approver().userId, until: new Date(world.now() + 86_400_000).toISOString() },
  }),
  'x.revokeDelegation': (world) => {
    const body = { toUserId: world.approver().userId, until: new Date(world.now() + 86_400_000).toISOString() };
    const { delegationId = '' } = world.done(world.admin, 'x.createDelegation', {}, body);
    return { params: { delegationId }, body: {} };
  },
  'x.freeze': () => ({ body: {} }),
  'x.unfreeze': (world) => {
    world.done(world.admin, 'x.freeze', {}, {});
    return { body: {} };
  },
  'x.requireVouching': () => ({ body: { enrolment: 'vouched' } }),
  'x.changeSettings': () => ({
    body: {
      strict: true,
      origins: ['https://wallets.test', 'https://console.wallets.test'],
      sessions: { lifeMinutes: 60, idleMinutes: null },
    },
  }),
  'x.createTagChange': (world) => {
    const walletId = world.wallet();
    world.done(world.admin, 'wallets.tagWallet', { walletId }, { tags: ['cold'] });
    return { body: { walletId, remove: ['cold'] } };
  },
  'x.replaceCertificate': () => ({ params: { node: '2' }, body: replacement(testNode(2, 'new')) }),
};

/** Operations with a forgery test; CI compares them with the contract table. */
export const FORGED_OPERATIONS: readonly string[] = Object.keys(HONEST_REQUESTS);

/** A world of its own, with genesis confirmed, and the honest request in it. */
export const arrange = (operationId: string): { world: World; request: HonestRequest } => {
  const world = createWorld(operationId === 'x.vouchUser' ? { enrolment: 'vouched' } : {});
  world.done(world.admin, 'permissions.createPermission', {}, { name: 'first', operations: ['Wallets:Read'] });
  return { world, request: HONEST_REQUESTS[operationId]?.(world) ?? {} };
};
