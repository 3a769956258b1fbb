import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { verifyCredentialSignature } from './node-verifier';
import type { Assertion } from './statement';
import {
  type PasskeyOptions,
  type SoftwareCredential,
  softwareKey,
  softwarePasskey,
} from './testing/software-credentials';
import { verifyAssertion } from './verify-assertion';

const RP = { rpId: 'wallets.example', origin: 'https://wallets.example' };
const CHALLENGE = 'y5Yq2Ojq3ZbN2m2s0p9F8d9m4c7l1b6x';

const check = (
  credential: SoftwareCredential,
  assertion: Assertion,
  changes: Partial<Parameters<typeof verifyAssertion>[0]> = {},
) =>
  verifyAssertion({
    assertion,
    challenge: CHALLENGE,
    credential: { kind: assertion.kind, credId: credential.credId, publicKey: credential.publicKey },
    rpId: RP.rpId,
    origins: [RP.origin],
    verify: verifyCredentialSignature,
    ...changes,
  });
const reason = (outcome: ReturnType<typeof check>) => (outcome.ok ? 'accepted' : outcome.refusal.details?.reason);
const passkey = (changes: Partial<PasskeyOptions> = {}) => softwarePasskey({ ...RP, ...changes });

describe('a key', () => {
  test.each(['P-256', 'Ed25519', 'RSA'] as const)('of type %s signs a challenge', (type) => {
    const key = softwareKey(type);
    expect(check(key, key.assert(CHALLENGE))).toEqual({ ok: true, value: { counter: null, backup: null } });
  });

  test('may repeat the challenge in base64url', () => {
    const key = softwareKey();
    expect(reason(check(key, key.assert(toBase64Url(utf8ToBytes(CHALLENGE)))))).toBe('accepted');
  });

  test('of the unmodified SDK key signer is accepted', async () => {
    const { AsymmetricKeySigner } = createRequire(import.meta.url)('@dfns/sdk-keysigner');
    const key = softwareKey();
    const signer = new AsymmetricKeySigner({
      credId: key.credId,
      privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    });
    const factor = await signer.sign({
      challenge: CHALLENGE,
      allowCredentials: { key: [{ type: 'public-key', id: key.credId }], webauthn: [] },
    });
    expect(reason(check(key, { kind: 'Key', ...factor.credentialAssertion }))).toBe('accepted');
  });

  test('does not pass for another challenge, credential or key', () => {
    const key = softwareKey();
    expect(reason(check(key, key.assert('another')))).toBe('The client data answers another challenge.');
    expect(reason(check(softwareKey(), key.assert(CHALLENGE)))).toBe('The assertion names another credential.');
    expect(reason(check({ ...softwareKey(), credId: key.credId }, key.assert(CHALLENGE)))).toBe(
      'The signature does not verify.',
    );
  });

  test('does not pass with a registration', () => {
    const key = softwareKey();
    const { clientData } = key.attest(CHALLENGE).credentialInfo;
    expect(reason(check(key, { ...key.assert(CHALLENGE), clientData }))).toBe('The client data has another type.');
  });

  test('does not pass where its client data holds a member twice', () => {
    const key = softwareKey();
    const clientData = toBase64Url(utf8ToBytes(`{"type":"key.get","challenge":"x","challenge":"${CHALLENGE}"}`));
    expect(reason(check(key, { ...key.assert(CHALLENGE), clientData }))).toBe('The client data is not a JSON object.');
  });

  test('does not pass under an algorithm that is not on the list', () => {
    const key = softwareKey();
    expect(reason(check(key, { ...key.assert(CHALLENGE), algorithm: 'md5' } as Assertion))).toBe(
      'The signature does not verify.',
    );
  });
});

describe('a passkey', () => {
  test.each(['P-256', 'Ed25519', 'RSA'] as const)('of type %s signs a challenge', (type) => {
    const key = passkey({ type, counter: 7 });
    expect(check(key, key.assert(CHALLENGE))).toEqual({
      ok: true,
      value: { counter: 7, backup: { isEligible: false, isBackedUp: false } },
    });
  });

  test.each([
    ['another origin', passkey({ origin: 'https://evil.example' }), 'The origin is not one of the organisation.'],
    ['a foreign page', passkey({ clientData: { crossOrigin: true } }), 'The passkey was used inside a foreign page.'],
    ['another relying party', passkey({ rpId: 'evil.example' }), 'The passkey belongs to another relying party.'],
    ['no user present', passkey({ flags: 0x04 }), 'The authenticator did not verify its user.'],
    ['no user verified', passkey({ flags: 0x01 }), 'The authenticator did not verify its user.'],
    ['another type', passkey({ clientData: { type: 'webauthn.create' } }), 'The client data has another type.'],
    [
      'the challenge verbatim',
      passkey({ clientData: { challenge: CHALLENGE } }),
      'The client data answers another challenge.',
    ],
  ])('does not pass with %s', (_, key, expected) => {
    expect(reason(check(key, key.assert(CHALLENGE)))).toBe(expected);
  });

  test('does not pass as a key', () => {
    const key = passkey();
    const credential = { kind: 'Key', credId: key.credId, publicKey: key.publicKey } as const;
    expect(reason(check(key, key.assert(CHALLENGE), { credential }))).toBe('The credential is of another kind.');
  });

  test('does not pass with altered authenticator data', () => {
    const key = passkey();
    const assertion = key.assert(CHALLENGE);
    if (assertion.kind !== 'Fido2') throw new Error('A passkey asserts as Fido2.');
    const bytes = Buffer.from(assertion.authenticatorData, 'base64url');
    bytes[36] = 9;
    expect(reason(check(key, { ...assertion, authenticatorData: bytes.toString('base64url') }))).toBe(
      'The signature does not verify.',
    );
  });
});
