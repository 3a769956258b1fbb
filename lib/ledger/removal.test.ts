import { describe, expect, test } from 'vitest';
import { all, find } from './state';
import { ALWAYS, asks } from './testing/people';
import type { Signer } from './testing/requests';
import { activityIdOf, createWorld, fate, type World } from './testing/world';

const FULL_ADMIN = (world: World) => ({ permissionId: world.genesis.fullAdmin.permissionId });
const REMOVALS = ['auth.deactivateUser', 'auth.archiveUser'] as const;

const remove = (world: World, operationId: string, userId: string, signer: Signer = world.admin) =>
  world.act(signer, operationId, { userId }, {});
const secondAdmin = (world: World) => {
  const person = world.register();
  world.done(world.admin, 'permissions.createAssignment', FULL_ADMIN(world), { identityId: person.userId });
  return person;
};

describe.each(REMOVALS)('%s', (operationId) => {
  test('ends credentials and tokens of the person at once', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.register();
    world.grant(ann.userId, ['Auth:Pats:Create', 'Wallets:Transfers:Create']);
    const token = world.token(ann, ['Wallets:Transfers:Create']);
    const asked = activityIdOf(world.transfer(walletId, {}, token));
    world.reserve(asked);
    expect(fate(remove(world, operationId, ann.userId))).toBe('applied');
    for (const signer of [ann, token])
      expect(fate(world.transfer(walletId, {}, signer))).toBe('authentication.user_action_invalid');
    expect(world.judge(asked, { under: world.checkpoint() })).toMatchObject({
      refusal: { code: 'authentication.revoked' },
    });
  });

  test('drops the person’s votes on what is not signed yet', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, ben] = [world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, ben.userId], 2));
    const id = activityIdOf(world.transfer(walletId));
    const approvalId = world.activity(id).approvalId ?? '';
    world.vote(ann, approvalId);
    remove(world, operationId, ann.userId);
    world.vote(ben, approvalId);
    expect(world.activity(id).status).toBe('Pending');
  });

  test('takes an approved request back to Pending', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, ben] = [world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, ben.userId], 2));
    const id = activityIdOf(world.transfer(walletId));
    for (const voter of [ann, ben]) world.vote(voter, world.activity(id).approvalId ?? '');
    expect(world.activity(id).status).toBe('Approved');
    remove(world, operationId, ben.userId);
    const approvalId = world.id('approval');
    expect(fate(world.append('reopen', { activityId: id }, { effects: { approvalId } }))).toBe('applied');
    expect(world.activity(id).status).toBe('Pending');
  });

  test('is refused for the last administrator', () => {
    const world = createWorld();
    expect(fate(remove(world, operationId, world.admin.userId))).toBe('permission.last_admin');
    const other = secondAdmin(world);
    expect(fate(remove(world, operationId, world.admin.userId, other))).toBe('applied');
    expect(fate(remove(world, operationId, other.userId, other))).toBe('permission.last_admin');
  });

  test('is refused, naming the policy, where nobody could change policies afterwards', () => {
    const world = createWorld();
    const [ann, ben] = [world.approver(), world.approver()];
    const policyId = world.policy(ALWAYS, asks([ann.userId, ben.userId]), 'Policies:Modify');
    expect(remove(world, operationId, ann.userId)).toMatchObject({
      kind: 'void',
      refusal: { code: 'policy.dead_end', status: 409, details: { policyId } },
    });
  });

  test('does not reach service accounts, strangers or the already removed', () => {
    const world = createWorld();
    const gone = world.register();
    world.done(world.admin, 'auth.archiveUser', { userId: gone.userId });
    for (const userId of [world.serviceAccount().userId, world.id('user'), gone.userId])
      expect(fate(remove(world, operationId, userId))).toBe('user.not_found');
  });
});

test('a token of an approver keeps no seat in a policy once the approver’s own key is gone', () => {
  const world = createWorld();
  const [ann, ben] = [world.approver(), world.approver()];
  world.grant(ann.userId, ['Auth:Pats:Create']);
  world.token(ann, ['Policies:Approvals:Approve']);
  const credential = find(world.state, 'credential', ann.credentialId);
  if (!credential) throw new Error('No credential.');
  world.state.tables.credential.set(ann.credentialId, { ...credential, isActive: false });
  const action = asks([ann.userId, ben.userId]);
  const body = { name: 'p', activityKind: 'Policies:Modify', rule: ALWAYS, action };
  expect(fate(world.act(world.admin, 'policies.createPolicy', {}, body))).toBe('policy.dead_end');
});

test('a person activated again acts again; an archived one is gone with everything they held', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const ann = world.register();
  world.grant(ann.userId, ['Wallets:Transfers:Create']);
  remove(world, 'auth.deactivateUser', ann.userId);
  world.done(world.admin, 'auth.activateUser', { userId: ann.userId });
  expect(fate(world.transfer(walletId, {}, ann))).toBe('applied');
  remove(world, 'auth.archiveUser', ann.userId);
  expect(fate(world.act(world.admin, 'auth.activateUser', { userId: ann.userId }))).toBe('user.not_found');
  const held = all(world.state, 'assignment').filter((item) => item.identityId === ann.userId);
  expect(held).toMatchObject([{ isRevoked: true }]);
});

describe('a service account', () => {
  const approving = (world: World) => {
    const bot = world.serviceAccount(['Policies:Approvals:Approve']);
    const person = world.approver();
    const action = {
      kind: 'RequestApproval',
      approvalGroups: [
        {
          quorum: 1,
          approvers: { userId: { in: [bot.userId, person.userId] } },
          serviceAccountsCanApprove: true,
        },
      ],
    };
    return { bot, params: { serviceAccountId: bot.userId }, policyId: world.policy(ALWAYS, action) };
  };
  const DEACTIVATE = 'auth.deactivateServiceAccount';
  const ARCHIVE = 'auth.archiveServiceAccount';

  test('that approves for a policy in force is taken away by a full administrator’s force only', () => {
    const world = createWorld();
    const { bot, params, policyId } = approving(world);
    const refusal = { code: 'service_account.approver', status: 409, details: { policyIds: [policyId] } };
    expect(world.act(world.admin, DEACTIVATE, params, {})).toMatchObject({ refusal });
    expect(world.act(world.admin, ARCHIVE, params)).toMatchObject({ refusal });
    const clerk = world.register();
    world.grant(clerk.userId, ['Auth:ServiceAccounts:Deactivate', 'Auth:ServiceAccounts:Delete']);
    expect(world.act(clerk, DEACTIVATE, params, { force: true })).toMatchObject({ refusal });
    expect(world.act(clerk, ARCHIVE, params, undefined, { effects: { force: true } })).toMatchObject({ refusal });
    expect(fate(world.act(world.admin, DEACTIVATE, params, { force: true }))).toBe('applied');
    expect(find(world.state, 'token', bot.tokenId)).toMatchObject({ isActive: false });
    expect(fate(world.act(world.admin, ARCHIVE, params, undefined, { effects: { force: true } }))).toBe('applied');
    expect(fate(world.act(world.admin, 'auth.activateServiceAccount', params))).toBe('service_account.not_found');
  });

  test('named by archived policies only goes without force', () => {
    const world = createWorld();
    const { params, policyId } = approving(world);
    world.done(world.admin, 'policies.archivePolicy', { policyId });
    expect(fate(world.act(world.admin, ARCHIVE, params))).toBe('applied');
  });

  test('leaves no dead end, with force or without', () => {
    const world = createWorld();
    const { bot, params } = approving(world);
    const person = world.approver();
    const action = {
      kind: 'RequestApproval',
      approvalGroups: [
        { quorum: 1, approvers: { userId: { in: [bot.userId, person.userId] } }, serviceAccountsCanApprove: true },
      ],
    };
    world.policy(ALWAYS, action, 'Policies:Modify');
    expect(fate(world.act(world.admin, DEACTIVATE, params, { force: true }))).toBe('policy.dead_end');
  });

  test('acts no more once deactivated, and again once activated', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const bot = world.serviceAccount(['Wallets:Transfers:Create']);
    const params = { serviceAccountId: bot.userId };
    expect(fate(world.transfer(walletId, {}, bot))).toBe('applied');
    world.done(world.admin, DEACTIVATE, params, {});
    expect(fate(world.transfer(walletId, {}, bot))).toBe('authentication.user_action_invalid');
    world.done(world.admin, 'auth.activateServiceAccount', params);
    expect(fate(world.transfer(walletId, {}, bot))).toBe('applied');
  });

  test('is not deactivated by a personal access token', () => {
    const world = createWorld();
    const bot = world.serviceAccount();
    const token = world.token(world.admin, ['Auth:ServiceAccounts:Deactivate']);
    expect(fate(world.act(token, DEACTIVATE, { serviceAccountId: bot.userId }, {}))).toBe('service_account.bearer');
  });

  test('is not found among people, nor a person among service accounts', () => {
    const world = createWorld();
    const ann = world.register();
    for (const change of ['activate', 'deactivate', 'archive', 'update'])
      expect(fate(world.act(world.admin, `auth.${change}ServiceAccount`, { serviceAccountId: ann.userId }, {}))).toBe(
        'service_account.not_found',
      );
  });
});
