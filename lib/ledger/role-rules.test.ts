import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type PasskeyOptions,
  type SigningKeys,
  type SoftwareCredential,
  softwareKey,
  softwarePasskey,
} from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { judgeActivity } from './judge';
import { find } from './state';
import { ORIGIN } from './testing/chain';
import { ALWAYS, asks } from './testing/people';
import type { Signer } from './testing/requests';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

/** User present and verified; may be backed up; is backed up. */
const FLAGS = { bound: 0x05, eligible: 0x0d, synced: 0x1d };

const passkey = (flags: number, more: Partial<PasskeyOptions> = {}): SoftwareCredential =>
  softwarePasskey({ rpId: 'wallets.test', origin: ORIGIN, flags, ...more });

const newKeys = (): SigningKeys => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), id: randomBytes(32) });

const HARDWARE = { hardwareBoundOnly: true, reauthenticateMinutes: null };
const AGAIN = { hardwareBoundOnly: false, reauthenticateMinutes: 15 };
const NONE = { hardwareBoundOnly: false, reauthenticateMinutes: null };

const setRules = (world: World, permissionId: string, rules: Json = HARDWARE, signer: Signer = world.admin) =>
  fate(world.act(signer, 'x.setRoleRules', { permissionId }, rules));
const create = (world: World, signer: Signer) =>
  fate(world.act(signer, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' }));

describe('a role for hardware-bound passkeys only', () => {
  const world = createWorld();
  const people = {
    bound: world.register(passkey(FLAGS.bound)),
    eligible: world.register(passkey(FLAGS.eligible)),
    synced: world.register(passkey(FLAGS.synced)),
    key: world.register(softwareKey('Ed25519')),
  };
  const roles = Object.values(people).map((person) => world.grant(person.userId, ['Keys:Create']));
  const bot = world.serviceAccount(['Keys:Create']);
  const [botRole] = [...world.state.tables.assignment.by('identityId', bot.userId)];

  test('counts for every credential while it has no rules', () => {
    for (const person of [...Object.values(people), bot]) expect(create(world, person)).toBe('applied');
  });
  test('counts for a passkey that can not be backed up, and for nothing else', () => {
    for (const { permissionId } of roles) expect(setRules(world, permissionId)).toBe('applied');
    expect(setRules(world, botRole?.permissionId ?? '')).toBe('applied');
    expect(create(world, people.bound)).toBe('applied');
    for (const person of [people.eligible, people.synced, people.key, bot])
      expect(create(world, person)).toBe('authorization.rules');
  });
  test('says in its refusal what to do', () => {
    const refused = world.act(people.synced, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
    expect(refused.kind === 'void' && refused.refusal).toMatchObject({
      status: 403,
      message: expect.stringMatching(/The role “role \d+” that allows Keys:Create .*never leaves its device/),
    });
  });
  test('leaves what another role without rules allows', () => {
    world.grant(people.synced.userId, ['Keys:Create']);
    expect(create(world, people.synced)).toBe('applied');
  });
  test('is an ordinary role again without its rules, of the version it had', () => {
    const { permissionId = '' } = roles[1] ?? {};
    const before = find(world.state, 'permission', permissionId);
    expect(setRules(world, permissionId, NONE)).toBe('applied');
    expect(find(world.state, 'permission', permissionId)).not.toHaveProperty('rules');
    expect(find(world.state, 'permission', permissionId)?.version).not.toBe(before?.version);
    expect(create(world, people.eligible)).toBe('applied');
  });
  test('every follower comes to the same state', () => {
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
});

test('a role that asks for its holder again counts for what a passkey signs and for no key or token', () => {
  const world = createWorld();
  const [ann, bob, bot] = [
    world.register(passkey(FLAGS.synced)),
    world.register(softwareKey('P-256')),
    world.serviceAccount(),
  ];
  for (const person of [ann, bob, bot])
    expect(setRules(world, world.grant(person.userId, ['Keys:Create']).permissionId, AGAIN)).toBe('applied');
  expect([create(world, ann), create(world, bob), create(world, bot)]).toEqual([
    'applied',
    'authorization.rules',
    'authorization.rules',
  ]);
});

test('a personal access token never passes for the passkey of its owner', () => {
  const world = createWorld();
  const ann = world.register(passkey(FLAGS.bound));
  const { permissionId } = world.grant(ann.userId, ['Keys:Create', 'Auth:Pats:Create']);
  const token = world.token(ann, ['Keys:Create']);
  expect(create(world, token)).toBe('applied');
  expect(setRules(world, permissionId)).toBe('applied');
  expect(create(world, ann)).toBe('applied');
  expect(create(world, token)).toBe('authorization.rules');
});

describe('a passkey', () => {
  const born = (flags: number, keys: SigningKeys = newKeys()) => ({ keys, passkey: passkey(flags, { keys }) });
  test('that says otherwise than at its birth whether it may be backed up signs nothing that counts', () => {
    const world = createWorld();
    const { keys, passkey: bound } = born(FLAGS.eligible);
    const ann = world.register(bound);
    world.grant(ann.userId, ['Keys:Create']);
    expect(create(world, { ...ann, credential: passkey(FLAGS.bound, { keys }) })).toBe(
      'authentication.user_action_invalid',
    );
    expect(create(world, { ...ann, credential: passkey(FLAGS.synced, { keys }) })).toBe('applied');
  });
  test('of a genesis that says nothing about it is known from its first change of governance on', () => {
    const { keys, passkey: bound } = born(FLAGS.bound);
    const key = softwareKey('P-256');
    const world = createWorld({ adminKey: key });
    const ann = world.register(bound);
    // As it stands in ledgers from before this was noted.
    const record = find(world.state, 'credential', ann.credentialId);
    if (!record) throw new Error('Not registered.');
    const { isBackupEligible: _unknown, ...older } = record;
    world.state.tables.credential.set(record.id, older);
    const { permissionId } = world.grant(ann.userId, ['Permissions:Create']);
    world.done(ann, 'permissions.createPermission', {}, { name: 'told', operations: ['Wallets:Read'] });
    expect(find(world.state, 'credential', ann.credentialId)?.isBackupEligible).toBe(false);
    expect(setRules(world, permissionId)).toBe('applied');
    const other = { ...ann, credential: passkey(FLAGS.eligible, { keys }) };
    expect(
      fate(world.act(other, 'permissions.createPermission', {}, { name: 'x', operations: ['Wallets:Read'] })),
    ).toBe('authentication.user_action_invalid');
  });
});

describe('rules set while something is under way', () => {
  test('a vote of a synced passkey no longer counts: the request asks again', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const synced = world.register(passkey(FLAGS.synced));
    const { permissionId } = world.grant(synced.userId, ['Policies:Approvals:Approve']);
    const bound = world.register(passkey(FLAGS.bound));
    const boundRole = world.grant(bound.userId, ['Policies:Approvals:Approve']);
    world.policy(ALWAYS, asks([synced.userId, bound.userId]));
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.vote(synced, world.activity(id).approvalId ?? ''))).toBe('applied');
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({ value: { verdict: 'sign' } });
    expect(setRules(world, boundRole.permissionId)).toBe('applied');
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({ value: { verdict: 'sign' } });
    expect(setRules(world, permissionId)).toBe('applied');
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({ value: { verdict: 'reopen' } });
  });
  test('a request that a synced passkey asked for is not signed any more', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const synced = world.register(passkey(FLAGS.synced));
    const { permissionId } = world.grant(synced.userId, ['Wallets:Transfers:Create']);
    const id = activityIdOf(world.transfer(walletId, {}, synced));
    expect(setRules(world, permissionId)).toBe('applied');
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({
      ok: false,
      refusal: { code: 'authorization.rules' },
    });
  });
});

describe('nobody is locked out by rules', () => {
  test('full admin access keeps somebody who can meet its rules, whatever is set, deactivated or recovered', () => {
    const recoveryKey = softwareKey('P-256', 'RecoveryKey');
    const world = createWorld({ recoveryKey });
    const { permissionId } = world.genesis.fullAdmin;
    expect(setRules(world, permissionId)).toBe('permission.last_admin');
    const credential = passkey(FLAGS.bound);
    const credentialUuid = world.addCredential(world.admin, credential);
    expect(setRules(world, permissionId)).toBe('applied');
    const admin = { userId: world.admin.userId, credential };
    expect(create(world, world.admin)).toBe('authorization.rules');
    expect(create(world, admin)).toBe('applied');
    expect(fate(world.act(admin, 'auth.deactivateCredential', {}, { credentialUuid }))).toBe('permission.last_admin');
    expect(setRules(world, permissionId, NONE, world.admin)).toBe('authorization.rules');
    expect(setRules(world, permissionId, NONE, admin)).toBe('applied');
    expect(fate(world.act(admin, 'auth.deactivateCredential', {}, { credentialUuid }))).toBe('applied');
  });
  test('a policy on policies keeps a quorum of people who can meet the rules of their roles', () => {
    const world = createWorld();
    const ann = world.register(passkey(FLAGS.synced));
    const { permissionId } = world.grant(ann.userId, ['Policies:Approvals:Approve']);
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    expect(setRules(world, permissionId)).toBe('policy.dead_end');
    const bound = world.addCredential(ann, passkey(FLAGS.bound));
    expect(setRules(world, permissionId)).toBe('applied');
    expect(fate(world.act(ann, 'auth.deactivateCredential', {}, { credentialUuid: bound }))).toBe('policy.dead_end');
  });
});

test('rules wait for those whom a policy on roles names', () => {
  const world = createWorld();
  const ann = world.approver();
  world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Permissions:Modify');
  const role = world.grant(world.register().userId, ['Keys:Create']);
  const { approvalId = '' } = world.done(world.admin, 'x.setRoleRules', { permissionId: role.permissionId }, AGAIN);
  expect(find(world.state, 'permission', role.permissionId)).not.toHaveProperty('rules');
  expect(fate(world.vote(ann, approvalId))).toBe('applied');
  expect(find(world.state, 'permission', role.permissionId)?.rules).toEqual(AGAIN);
});
