import { describe, expect, test } from 'vitest';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { CREDENTIAL_CODE_LIFE_MS } from './credential-codes';
import type { Effects } from './entry';
import { find } from './state';
import type { Signer } from './testing/requests';
import { createWorld, fate, follow, type World } from './testing/world';

const allow = (world: World, by: Signer = world.admin): string =>
  world.done(by, 'auth.createCredentialCode', {}, { expiration: world.now() + CREDENTIAL_CODE_LIFE_MS }).codeId ?? '';
/** What the server writes when somebody enters a code on another device. */
const redeem = (world: World, key: SoftwareCredential, codeId: string, effects: Effects = {}) => {
  const attested = key.attest('c') as unknown as { [name: string]: Json };
  const body = { ...attested, credentialName: 'Phone', challengeIdentifier: 'ch' };
  return world.append('credentialByCode', body, { effects: { codeId, challenge: 'c', ...effects } });
};
const invite = (world: World, by: Signer): string =>
  fate(world.act(by, 'auth.createUser', {}, { email: 'x@wallets.test', kind: 'CustomerEmployee' }));

describe('a code', () => {
  test('adds one credential to the account of whoever asked for it, once', () => {
    const world = createWorld();
    const key = softwareKey('Ed25519');
    const codeId = allow(world);
    expect(fate(redeem(world, key, codeId))).toBe('applied');
    expect(find(world.state, 'credential', codeId)).toMatchObject({ userId: world.admin.userId, introduced: true });
    expect(invite(world, { userId: world.admin.userId, credential: key })).toBe('applied');
    expect(fate(redeem(world, softwareKey('P-256'), codeId))).toBe('credential.code');
    expect([...follow(world).state.tables.credential]).toEqual([...world.state.tables.credential]);
  });

  test('ends after a minute', () => {
    const world = createWorld();
    const codeId = allow(world);
    world.wait(CREDENTIAL_CODE_LIFE_MS + 1);
    expect(fate(redeem(world, softwareKey('P-256'), codeId))).toBe('credential.code');
  });

  test('is never good for longer, whatever its owner asks', () => {
    const world = createWorld();
    const ask = (expiration: number | string) =>
      fate(world.act(world.admin, 'auth.createCredentialCode', {}, { expiration }));
    expect(ask(world.now() + 600_000)).toBe('credential.code_expiration');
    expect(ask(world.now())).toBe('credential.code_expiration');
    expect(ask(Math.floor(world.now() / 1000) + 30)).toBe('applied');
    expect(ask(new Date(world.now() + 30_000).toISOString())).toBe('applied');
  });

  test('ends with the credential that asked for it', () => {
    const world = createWorld();
    const key = softwareKey('P-256');
    const credentialUuid = world.addCredential(world.admin, key);
    const codeId = allow(world, { userId: world.admin.userId, credential: key });
    world.done(world.admin, 'auth.deactivateCredential', {}, { credentialUuid });
    expect(fate(redeem(world, softwareKey('P-256'), codeId))).toBe('credential.code');
  });

  test('that nobody asked for adds nothing', () => {
    const world = createWorld();
    expect(fate(redeem(world, softwareKey('P-256'), world.id('credential')))).toBe('credential.code');
  });

  test('adds no credential that is somebody’s, or whose holder did not answer the challenge', () => {
    const world = createWorld();
    const member = world.register();
    expect(fate(redeem(world, member.credential, allow(world)))).toBe('credential.duplicate');
    expect(fate(redeem(world, softwareKey('P-256'), allow(world), { challenge: 'another' }))).toBe(
      'authentication.bad_attestation',
    );
  });

  test('is not for tokens', () => {
    const world = createWorld();
    const key = softwareKey('P-256');
    const bot = world.done(world.admin, 'auth.createServiceAccount', {}, { name: 'bot', publicKey: key.publicKey });
    const { userId = '', tokenId, credId = '' } = bot;
    const assertion = (challenge: string) => ({ ...key.assert(challenge), credId });
    const body = { expiration: world.now() + 30_000 };
    const asked = world.act({ userId, tokenId, credential: key }, 'auth.createCredentialCode', {}, body, { assertion });
    expect(fate(asked)).toBe('credential.token');
  });
});

describe('where people are vouched for', () => {
  test('a credential added by code is inert until its owner activates it, naming the key', () => {
    const world = createWorld({ enrolment: 'vouched' });
    const key = softwareKey('Ed25519');
    const codeId = allow(world);
    expect(fate(redeem(world, key, codeId))).toBe('applied');
    const phone = { userId: world.admin.userId, credential: key };
    expect(invite(world, phone)).toBe('authentication.user_action_invalid');
    expect(fate(world.act(phone, 'auth.activateCredential', {}, { credentialUuid: codeId }))).toBe(
      'authentication.user_action_invalid',
    );
    const activate = (publicKey: string) =>
      world.act(
        world.admin,
        'auth.activateCredential',
        {},
        { credentialUuid: codeId },
        { statement: { context: { publicKey } } },
      );
    expect(fate(activate(softwareKey('Ed25519').publicKey))).toBe('ledger.context');
    expect(fate(activate(find(world.state, 'credential', codeId)?.publicKey ?? ''))).toBe('applied');
    expect(invite(world, phone)).toBe('applied');
  });
});
