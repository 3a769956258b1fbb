import { describe, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { all, find } from './state';
import { ALWAYS, asks, BLOCK } from './testing/people';
import { activityIdOf, createWorld, fate, follow, type World } from './testing/world';

const SPENDS = ['Wallets:Transfers:Create'];
const HOUR = 3_600_000;
const spend = (world: World, walletId: string, signer: Parameters<World['transfer']>[2]) =>
  fate(world.transfer(walletId, {}, signer));

describe('a personal access token', () => {
  test('may do what both it and its owner may, judged at the entry', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.register();
    world.grant(ann.userId, ['Auth:Pats:Create', ...SPENDS]);
    const token = world.token(ann);
    expect(spend(world, walletId, token)).toBe('authorization.missing_permission');
    world.grant(token.tokenId, [...SPENDS, 'Permissions:Create']);
    expect(spend(world, walletId, token)).toBe('applied');
    const role = { name: 'mine', operations: ['Wallets:Read'] };
    expect(fate(world.act(token, 'permissions.createPermission', {}, role))).toBe('authorization.missing_permission');
  });

  test('is judged again at signing: what it or its owner lost since, it does not sign', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.register();
    const owner = world.grant(ann.userId, ['Auth:Pats:Create', ...SPENDS]);
    const token = world.token(ann, SPENDS);
    const id = activityIdOf(world.transfer(walletId, {}, token));
    world.reserve(id);
    expect(world.judge(id, { under: world.checkpoint() })).toMatchObject({ ok: true });
    world.done(world.admin, 'permissions.deleteAssignment', owner);
    expect(world.judge(id, { under: world.checkpoint() })).toMatchObject({
      refusal: { code: 'authorization.missing_permission' },
    });
  });

  test.each([
    ['deactivated', 'auth.deactivatePersonalAccessToken'],
    ['archived', 'auth.archivePersonalAccessToken'],
  ])('%s after the request signs nothing any more', (_, operationId) => {
    const world = createWorld();
    const walletId = world.wallet();
    const token = world.token(world.admin, SPENDS);
    const id = activityIdOf(world.transfer(walletId, {}, token));
    world.reserve(id);
    world.done(world.admin, operationId, { tokenId: token.tokenId }, {});
    expect(world.judge(id, { under: world.checkpoint() })).toMatchObject({
      refusal: { code: 'authentication.revoked' },
    });
    expect(spend(world, walletId, token)).toBe('authentication.user_action_invalid');
  });

  test('that is deactivated and activated again is what it was; one that was archived is gone', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const token = world.token(world.admin, SPENDS);
    const params = { tokenId: token.tokenId };
    world.done(world.admin, 'auth.deactivatePersonalAccessToken', params, {});
    world.done(world.admin, 'auth.activatePersonalAccessToken', params, {});
    expect(spend(world, walletId, token)).toBe('applied');
    world.done(world.admin, 'auth.archivePersonalAccessToken', params, {});
    for (const change of ['activate', 'deactivate', 'archive', 'update'])
      expect(fate(world.act(world.admin, `auth.${change}PersonalAccessToken`, params, {}))).toBe('token.not_found');
    expect(all(world.state, 'assignment').filter((item) => item.identityId === token.tokenId)).toMatchObject([
      { isRevoked: true },
    ]);
  });

  test('that has expired asks for nothing, and what it asked for before is still signed', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const token = world.token(world.admin, SPENDS, { secondsValid: 3600, daysValid: 30 });
    const id = activityIdOf(world.transfer(walletId, {}, token));
    world.reserve(id);
    world.wait(HOUR);
    expect(spend(world, walletId, token)).toBe('authentication.token_invalid');
    expect(world.judge(id, { under: world.checkpoint() })).toMatchObject({ ok: true });
  });

  test('lives no longer than was signed for, whatever the server says', () => {
    const world = createWorld();
    const body = { name: 'token', publicKey: softwareKey().publicKey, daysValid: 1 };
    const longer = { effects: { expiresAt: world.now() + 24 * HOUR + 1 } };
    const make = (forgery = {}) => fate(world.act(world.admin, 'auth.createPersonalAccessToken', {}, body, forgery));
    expect(make(longer)).toBe('ledger.effects');
    expect(make()).toBe('applied');
  });

  test('signs with its own key only, and no other token or person signs with that key', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [first, second] = [world.token(world.admin, SPENDS), world.token(world.admin, SPENDS)];
    const { userId } = world.admin;
    expect(spend(world, walletId, { ...first, credential: second.credential })).toBe(
      'authentication.user_action_invalid',
    );
    expect(spend(world, walletId, { ...first, credential: world.admin.credential })).toBe(
      'authentication.user_action_invalid',
    );
    expect(spend(world, walletId, { userId, credential: first.credential })).toBe('authentication.user_action_invalid');
  });

  test('makes no tokens, service accounts or credentials, and changes no token but to give itself up', () => {
    const world = createWorld();
    const token = world.token(world.admin);
    world.done(
      world.admin,
      'permissions.createAssignment',
      { permissionId: world.genesis.fullAdmin.permissionId },
      { identityId: token.tokenId },
    );
    const other = world.token(world.admin);
    const body = { name: 'more', publicKey: softwareKey().publicKey };
    expect(fate(world.act(token, 'auth.createPersonalAccessToken', {}, body))).toBe('token.creator');
    expect(fate(world.act(token, 'auth.createServiceAccount', {}, body))).toBe('service_account.creator');
    const attested = softwareKey().attest('c') as unknown as { [name: string]: Json };
    const credential = { ...attested, credentialName: 'second', challengeIdentifier: 'c' };
    expect(fate(world.act(token, 'auth.createCredential', {}, credential, { effects: { challenge: 'c' } }))).toBe(
      'credential.token',
    );
    for (const change of ['activate', 'deactivate', 'archive', 'update'])
      expect(fate(world.act(token, `auth.${change}PersonalAccessToken`, { tokenId: other.tokenId }, {}))).toBe(
        'token.bearer',
      );
    const params = { tokenId: token.tokenId };
    expect(fate(world.act(token, 'auth.activatePersonalAccessToken', params, {}))).toBe('token.bearer');
    expect(fate(world.act(token, 'auth.deactivatePersonalAccessToken', params, {}))).toBe('applied');
  });

  test('is not there for anybody but its owner', () => {
    const world = createWorld();
    const ann = world.register();
    const { tokenId } = world.token(world.admin);
    for (const change of ['activate', 'deactivate', 'archive', 'update'])
      expect(fate(world.act(ann, `auth.${change}PersonalAccessToken`, { tokenId }, {}))).toBe('token.not_found');
  });

  test('gets a new name with its key', () => {
    const world = createWorld();
    const { tokenId } = world.token(world.admin);
    world.done(world.admin, 'auth.updatePersonalAccessToken', { tokenId }, { name: 'renamed', externalId: 'x' });
    const token = find(world.state, 'token', tokenId);
    expect(token).toMatchObject({ name: 'renamed' });
    expect(find(world.state, 'credential', token?.credentialId ?? '')).toMatchObject({ name: 'renamed' });
  });

  test('leaves its name and external id out of the entries', () => {
    const world = createWorld();
    world.token(world.admin, [], { name: 'Anna’s laptop', externalId: 'anna@wallets.test' });
    const entries = world.items.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');
    expect(entries).not.toMatch(/Anna|anna/);
  });
});

describe('the permission that a token is made with', () => {
  const make = (world: World, permissionId: string, signer: World['admin'] = world.admin) =>
    world.act(
      signer,
      'auth.createPersonalAccessToken',
      {},
      {
        name: 'token',
        publicKey: softwareKey().publicKey,
        permissionId,
      },
    );
  const role = (world: World) =>
    world.done(world.admin, 'permissions.createPermission', {}, { name: 'role', operations: SPENDS }).permissionId ??
    '';
  const heldBy = (world: World, identityId: string) =>
    all(world.state, 'assignment').filter((item) => item.identityId === identityId);
  const madeBy = (extension: ReturnType<typeof make>): string =>
    extension.kind === 'applied' ? String(extension.entry.effects.tokenId) : extension.kind;

  test('is assigned at once where no policy asks', () => {
    const world = createWorld();
    const made = make(world, role(world));
    expect(heldBy(world, madeBy(made))).toHaveLength(1);
  });

  test('needs Permissions:Assign', () => {
    const world = createWorld();
    const permissionId = role(world);
    const ann = world.register();
    world.grant(ann.userId, ['Auth:Pats:Create', ...SPENDS]);
    expect(fate(make(world, permissionId, ann))).toBe('authorization.missing_permission');
  });

  test('waits as a change request where a policy asks, and the token is there without it', () => {
    const world = createWorld();
    const permissionId = role(world);
    const [ann, ben] = [world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, ben.userId]), 'Permissions:Assign');
    const tokenId = madeBy(make(world, permissionId));
    expect(find(world.state, 'token', tokenId)).toMatchObject({ isActive: true });
    expect(heldBy(world, tokenId)).toEqual([]);
    const request = all(world.state, 'changeRequest').find((item) => item.status === 'Pending');
    expect(request).toMatchObject({ kind: 'Assignment', operationKind: 'Create', body: { identityId: tokenId } });
    expect(fate(world.vote(ann, request?.approvalId ?? ''))).toBe('applied');
    expect(heldBy(world, tokenId)).toHaveLength(1);
  });

  test('is refused where a policy blocks, and no token comes to be', () => {
    const world = createWorld();
    const permissionId = role(world);
    world.policy(ALWAYS, BLOCK, 'Permissions:Assign');
    const tokenId = madeBy(make(world, permissionId));
    expect(find(world.state, 'token', tokenId)).toBeUndefined();
  });

  test('is not given to a token of a service account, which would not hold it', () => {
    const world = createWorld();
    const permissionId = role(world);
    const bot = world.serviceAccount();
    const give = (identityId: string) =>
      fate(world.act(world.admin, 'permissions.createAssignment', { permissionId }, { identityId }));
    expect(give(bot.tokenId)).toBe('identity.not_found');
    expect(give(bot.userId)).toBe('applied');
  });
});

test('every node that replays the ledger holds the same tokens', () => {
  const world = createWorld();
  const token = world.token(world.admin, SPENDS);
  world.done(world.admin, 'auth.archivePersonalAccessToken', { tokenId: token.tokenId }, {});
  const records = (state: World['state']) => canonicalJson(all(state, 'token') as unknown as Json);
  expect(records(follow(world).state)).toBe(records(world.state));
});
