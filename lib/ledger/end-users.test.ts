import { expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { END_USER_NAME } from './end-users';
import { judgeActivity } from './judge';
import { ALWAYS, asks, BLOCK } from './testing/people';
import type { Signer } from './testing/requests';
import { BOB } from './testing/signing';
import { activityIdOf, createWorld, fate, type World } from './testing/world';

const transfer = { kind: 'Native', to: BOB, amount: '5' };
const hash = { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` };
const ONE_WALLET = [{ network: 'EthereumSepolia', name: 'mine' }];

const arranged = (options: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld(options);
  world.done(world.admin, 'permissions.createPermission', {}, { name: 'first', operations: ['Wallets:Read'] });
  const end = world.endUser(undefined, ONE_WALLET);
  return { world, end, walletId: end.walletIds[0] ?? '' };
};
const asked = (world: World, signer: Signer, walletId: string) =>
  world.act(signer, 'wallets.transferAsset', { walletId }, transfer);
const judged = (world: World, id: string) => judgeActivity(world.state, id, { at: world.now() });

test('an end user gets the managed permission, bound to them for good', () => {
  const { world, end } = arranged();
  const permission = [...world.state.tables.permission.values()].find((item) => item.name === END_USER_NAME);
  const held = [...world.state.tables.assignment.values()].filter((item) => item.identityId === end.userId);
  expect(held).toMatchObject([{ permissionId: permission?.id, isImmutable: true }]);
  const params = { permissionId: permission?.id ?? '', assignmentId: held[0]?.id ?? '' };
  expect(fate(world.act(world.admin, 'permissions.deleteAssignment', params))).toBe('assignment.immutable');
});
test('the permission of end users can be edited, not renamed, archived or imitated', () => {
  const { world } = arranged();
  const { id: permissionId } = [...world.state.tables.permission.values()].find(
    (item) => item.name === END_USER_NAME,
  ) ?? { id: '' };
  const update = (body: { [name: string]: string | string[] }) =>
    fate(world.act(world.admin, 'permissions.updatePermission', { permissionId }, body));
  expect(update({ operations: ['Wallets:Read'] })).toBe('applied');
  expect(update({ name: 'other' })).toBe('permission.managed');
  expect(fate(world.act(world.admin, 'permissions.archivePermission', { permissionId }, { isArchived: true }))).toBe(
    'permission.managed',
  );
  const bare = createWorld();
  expect(
    fate(
      bare.act(bare.admin, 'permissions.createPermission', {}, { name: END_USER_NAME, operations: ['Wallets:Read'] }),
    ),
  ).toBe('permission.name_taken');
});
test('a second end user shares the permission of the first', () => {
  const { world } = arranged();
  world.endUser();
  expect([...world.state.tables.permission.values()].filter((item) => item.name === END_USER_NAME)).toHaveLength(1);
});
test('only a service account introduces end users or signs them in', () => {
  const { world, end } = arranged();
  const email = { email: 'x@user.test', kind: 'EndUser' };
  expect(fate(world.act(world.admin, 'auth.createDelegatedRegistrationChallenge', {}, email))).toBe(
    'end_user.service_account',
  );
  const login = world.act(
    world.admin,
    'auth.delegatedLogin',
    {},
    { username: 'x' },
    { effects: { userId: end.userId } },
  );
  expect(fate(login)).toBe('end_user.service_account');
});
test('a registered end user is never begun anew, and an employee never becomes one', () => {
  const { world, end } = arranged();
  const bot = world.serviceAccount(['Auth:Register:Delegated']);
  const body = { email: 'x@user.test', kind: 'EndUser' };
  const begin = (userId: string) =>
    fate(world.act(bot, 'auth.createDelegatedRegistrationChallenge', {}, body, { effects: { userId } }));
  expect(begin(end.userId)).toBe('user.exists');
  expect(begin(world.admin.userId)).toBe('user.exists');
  const { userId = '' } = world.done(bot, 'auth.createDelegatedRegistrationChallenge', {}, body);
  expect(begin(userId)).toBe('applied');
});
test('nobody but a registered end user is signed in by a service account', () => {
  const { world } = arranged();
  const bot = world.serviceAccount(['Auth:Register:Delegated', 'Auth:Login:Delegated']);
  const body = { email: 'x@user.test', kind: 'EndUser' };
  const { userId = '' } = world.done(bot, 'auth.createDelegatedRegistrationChallenge', {}, body);
  for (const id of [userId, world.admin.userId, 'us-00000-00000-00000000000000'])
    expect(fate(world.act(bot, 'auth.delegatedLogin', {}, { username: 'x' }, { effects: { userId: id } }))).toBe(
      'user.not_found',
    );
});

test('an end user moves their own wallet, and no policy is asked', () => {
  const { world, end, walletId } = arranged();
  world.policy(ALWAYS, BLOCK);
  world.policy(ALWAYS, asks([world.approver().userId]));
  const id = activityIdOf(asked(world, end, walletId));
  expect(world.activity(id)).toMatchObject({ status: 'Approved', evaluations: [], groups: [] });
  expect(judged(world, id)).toMatchObject({ ok: true, value: { verdict: 'sign' } });
});
test('neither an administrator nor the service account that introduced them moves an end user’s wallet', () => {
  const { world, walletId } = arranged();
  const bot = world.serviceAccount(['Wallets:Sign', 'Wallets:Transactions:Create', 'Keys:Signatures:Create']);
  const keyId = world.state.tables.wallet.get(walletId)?.keyId ?? '';
  for (const signer of [world.admin, bot]) {
    expect(fate(asked(world, signer, walletId))).toBe('delegation.not_delegate');
    expect(
      fate(world.act(signer, 'wallets.broadcastTransaction', { walletId }, { kind: 'Evm', to: BOB, value: '1' })),
    ).toBe('delegation.not_delegate');
    expect(fate(world.act(signer, 'wallets.generateSignature', { walletId }, hash))).toBe('delegation.not_delegate');
    expect(fate(world.act(signer, 'keys.generateSignature', { keyId }, hash))).toBe('delegation.not_delegate');
  }
});
test('an administrator cannot take the nonce of an end user’s transfer either', () => {
  const { world, end, walletId } = arranged();
  const transferId = activityIdOf(asked(world, end, walletId));
  world.reserve(transferId);
  const params = { walletId, transferId };
  expect(fate(world.act(world.admin, 'wallets.cancelTransfer', params, {}))).toBe('delegation.not_delegate');
  expect(fate(world.act(end, 'wallets.cancelTransfer', params, {}))).not.toBe('delegation.not_delegate');
});
test('an end user moves nothing of the organisation and nothing of another end user', () => {
  const { world, end } = arranged();
  const other = world.endUser(undefined, ONE_WALLET);
  for (const walletId of [world.wallet(), other.walletIds[0] ?? ''])
    expect(fate(asked(world, end, walletId))).toBe('wallet.not_found');
});
test('a second wallet on an end user’s key is theirs too', () => {
  const { world, end, walletId } = arranged();
  const keyId = world.state.tables.wallet.get(walletId)?.keyId ?? '';
  const { walletId: second = '' } = world.done(
    world.admin,
    'wallets.createWallet',
    {},
    { network: 'EthereumSepolia', signingKey: { id: keyId } },
  );
  expect(world.state.tables.wallet.get(second)?.delegatedTo).toBe(end.userId);
  expect(fate(asked(world, world.admin, second))).toBe('delegation.not_delegate');
});
test('a frozen wallet of an end user does not sign', () => {
  const { world, end, walletId } = arranged();
  world.done(world.admin, 'x.freeze', {}, { walletId });
  expect(fate(asked(world, end, walletId))).toBe('freeze.wallet');
});

test('a wallet made for an end user is theirs from the start', () => {
  const { world, end } = arranged();
  const walletId = world.wallet(world.admin, { delegateTo: end.userId });
  expect(fate(asked(world, world.admin, walletId))).toBe('delegation.not_delegate');
  expect(fate(asked(world, end, walletId))).toBe('applied');
});
test('making a wallet for an end user takes the permission to delegate', () => {
  const { world, end } = arranged();
  const maker = world.register();
  world.grant(maker.userId, ['Wallets:Create', 'Keys:Create']);
  const body = { network: 'EthereumSepolia', delegateTo: end.userId };
  expect(fate(world.act(maker, 'wallets.createWallet', {}, body))).toBe('authorization.missing_permission');
});
test('nothing is delegated to an employee, or to an end user who has no credential yet', () => {
  const { world } = arranged();
  const bot = world.serviceAccount(['Auth:Register:Delegated']);
  const body = { email: 'x@user.test', kind: 'EndUser' };
  const { userId = '' } = world.done(bot, 'auth.createDelegatedRegistrationChallenge', {}, body);
  const make = (delegateTo: string) =>
    fate(world.act(world.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia', delegateTo }));
  expect(make(world.admin.userId)).toBe('user.not_found');
  expect(make(userId)).toBe('delegation.unregistered');
});
test('a wallet is handed over later only if it was made for that and never signed', () => {
  const { world, end } = arranged();
  const hand = (walletId: string) =>
    fate(world.act(world.admin, 'wallets.delegateWallet', { walletId }, { userId: end.userId }));
  expect(hand(world.wallet())).toBe('delegation.not_delayed');
  const used = world.wallet(world.admin, { delayDelegation: true });
  asked(world, world.admin, used);
  expect(hand(used)).toBe('delegation.signed');
  const fresh = world.wallet(world.admin, { delayDelegation: true });
  expect(hand(fresh)).toBe('applied');
  expect(hand(fresh)).toBe('delegation.done');
  expect(fate(asked(world, world.admin, fresh))).toBe('delegation.not_delegate');
  expect(fate(asked(world, end, fresh))).toBe('applied');
});
test('a request that was blocked does not keep a wallet from being handed over', () => {
  const { world, end } = arranged();
  const walletId = world.wallet(world.admin, { delayDelegation: true });
  const policyId = world.policy(ALWAYS, BLOCK);
  asked(world, world.admin, walletId);
  world.done(world.admin, 'policies.archivePolicy', { policyId });
  expect(fate(world.act(world.admin, 'wallets.delegateWallet', { walletId }, { userId: end.userId }))).toBe('applied');
});

test('an end user’s first credential counts by itself, unless they were given more than their own wallets', () => {
  const { world, end, walletId } = arranged({ enrolment: 'vouched' });
  expect(fate(asked(world, end, walletId))).toBe('applied');
  const bot = world.serviceAccount(['Auth:Register:Delegated']);
  const body = { email: 'x@user.test', kind: 'EndUser' };
  const { userId = '' } = world.done(bot, 'auth.createDelegatedRegistrationChallenge', {}, body);
  world.grant(userId, ['Permissions:Assign']);
  const credentialId = world.id('credential');
  const first = softwareKey().attest('challenge');
  const effects = { userId, challenge: 'challenge', credentials: [{ id: credentialId, name: 'Key' }] };
  world.append('registration', { firstFactorCredential: JSON.parse(JSON.stringify(first)) }, { effects });
  expect(world.state.tables.credential.get(credentialId)).toMatchObject({ introduced: false });
});
test('an employee’s registration makes no wallets', () => {
  const { world } = arranged();
  const { userId = '' } = world.done(
    world.admin,
    'auth.createUser',
    {},
    { email: 'e@wallets.test', kind: 'CustomerEmployee' },
  );
  const first = softwareKey().attest('challenge');
  const effects = {
    userId,
    challenge: 'challenge',
    credentials: [{ id: world.id('credential'), name: 'Key' }],
    wallets: [{ walletId: world.id('wallet'), keyId: world.id('key') }],
  };
  const body = { firstFactorCredential: JSON.parse(JSON.stringify(first)), wallets: ONE_WALLET };
  expect(fate(world.append('registration', body, { effects }))).toBe('registration.malformed');
});
