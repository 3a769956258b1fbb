import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { softwareKey, softwarePasskey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { isOriginOf, originsOf, settingsOf } from './org-settings';
import { find } from './state';
import { ORIGIN } from './testing/chain';
import { ALWAYS, asks } from './testing/people';
import type { Signer } from './testing/requests';
import { createWorld, fate, follow, pictureOf, type World } from './testing/world';

const OTHER = 'https://console.wallets.test';
const NO_RULES = { lifeMinutes: null, idleMinutes: null };
const SETTINGS = { strict: false, origins: [ORIGIN], sessions: NO_RULES };

const change = (world: World, settings: Json, signer: Signer = world.admin) =>
  fate(world.act(signer, 'x.changeSettings', {}, { ...SETTINGS, ...(settings as object) }));
const orgOf = (world: World) => {
  const org = find(world.state, 'org', world.orgId);
  if (!org) throw new Error('There is none.');
  return org;
};

/** One passkey that signs on either page. */
const passkeyOn = () => {
  const keys = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), id: randomBytes(32) };
  return (origin: string) => softwarePasskey({ rpId: 'wallets.test', origin, keys });
};

describe('origins', () => {
  test('given up sign nothing any more, new ones do, and every follower agrees', () => {
    const world = createWorld();
    const on = passkeyOn();
    const ann = world.register(on(ORIGIN));
    world.grant(ann.userId, ['Keys:Create']);
    const create = (origin: string) =>
      fate(
        world.act({ ...ann, credential: on(origin) }, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' }),
      );
    expect([create(ORIGIN), create(OTHER)]).toEqual(['applied', 'authentication.user_action_invalid']);
    expect(change(world, { origins: [OTHER] })).toBe('applied');
    expect([create(ORIGIN), create(OTHER)]).toEqual(['authentication.user_action_invalid', 'applied']);
    expect(originsOf(orgOf(world))).toEqual([OTHER]);
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
  test('of another relying party, or without HTTPS, are none', () => {
    for (const origin of [
      'https://wallets.example',
      'https://evilwallets.test',
      'http://wallets.test',
      'https://wallets.test/path',
      'https://WALLETS.test',
      'https://wallets.test.',
      'https://user@wallets.test',
      'null',
    ])
      expect([origin, isOriginOf(origin, 'wallets.test')]).toEqual([origin, false]);
    for (const origin of ['https://wallets.test', 'https://a.b.wallets.test:8443'])
      expect([origin, isOriginOf(origin, 'wallets.test')]).toEqual([origin, true]);
    expect(isOriginOf('http://localhost:3000', 'localhost')).toBe(true);
    expect(change(createWorld(), { origins: ['https://wallets.example'] })).toBe('settings.origin');
  });
  test('keep the one on which the passkey signs that changes them', () => {
    const world = createWorld();
    const on = passkeyOn();
    const ann = world.register(on(ORIGIN));
    world.grant(ann.userId, ['Policies:Update']);
    expect(change(world, { origins: [OTHER] }, ann)).toBe('settings.own_origin');
    expect(change(world, { origins: [ORIGIN, OTHER] }, ann)).toBe('applied');
  });
});

describe('strict', () => {
  const anybody: Json = { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: {} }] };
  test('is turned on once every group names a person, and holds from then on', () => {
    const world = createWorld();
    const policyId = world.policy(ALWAYS, anybody);
    expect(change(world, { strict: true })).toBe('settings.loose_policy');
    world.done(world.admin, 'policies.archivePolicy', { policyId });
    expect(change(world, { strict: true })).toBe('applied');
    const body = { name: 'a policy', activityKind: 'Wallets:Sign', rule: ALWAYS, action: anybody };
    expect(fate(world.act(world.admin, 'policies.createPolicy', {}, body))).toBe('policy.strict_approvers');
    expect(change(world, { strict: false })).toBe('applied');
    expect(fate(world.act(world.admin, 'policies.createPolicy', {}, body))).toBe('applied');
  });
});

describe('a change of settings', () => {
  test('waits for those whom a policy on policies names', () => {
    const world = createWorld();
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const wanted = { ...SETTINGS, sessions: { lifeMinutes: 60, idleMinutes: 5 } };
    const { approvalId = '' } = world.done(world.admin, 'x.changeSettings', {}, wanted);
    expect(settingsOf(orgOf(world))).toEqual(SETTINGS);
    expect(fate(world.vote(ann, approvalId))).toBe('applied');
    expect(settingsOf(orgOf(world))).toEqual(wanted);
  });
  test('signed over other settings than those in force is void', () => {
    const world = createWorld();
    const stale = world.request(world.admin, 'x.changeSettings', {}, { ...SETTINGS, strict: true });
    expect(change(world, { sessions: { lifeMinutes: 60, idleMinutes: null } })).toBe('applied');
    expect(fate(world.place(stale))).toBe('ledger.context');
  });
  test('needs the permission to change policies', () => {
    const world = createWorld();
    expect(change(world, {}, world.register(softwareKey('Ed25519')))).toBe('authorization.missing_permission');
  });
});
