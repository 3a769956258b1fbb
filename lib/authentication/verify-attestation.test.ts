import { describe, expect, test } from 'vitest';
import { readCbor } from './cbor';
import { verifyCredentialSignature } from './node-verifier';
import { encodeCbor, softwareKey, softwarePasskey } from './testing/software-credentials';
import { type Attestation, verifyAttestation } from './verify-attestation';

const RP = { rpId: 'wallets.example', origin: 'https://wallets.example' };
const CHALLENGE = 'registration-challenge';
const check = (attestation: Attestation, challenge = CHALLENGE) =>
  verifyAttestation({ attestation, challenge, rpId: RP.rpId, origins: [RP.origin], verify: verifyCredentialSignature });
const message = (outcome: ReturnType<typeof check>) => (outcome.ok ? 'accepted' : outcome.refusal.message);

describe('the registration of a key', () => {
  test.each(['P-256', 'Ed25519', 'RSA'] as const)('of type %s is accepted', (type) => {
    const key = softwareKey(type);
    expect(check(key.attest(CHALLENGE))).toEqual({
      ok: true,
      value: { kind: 'Key', credId: key.credId, publicKey: key.publicKey.trimEnd(), counter: null },
    });
  });

  test('is bound to the challenge', () => {
    expect(message(check(softwareKey().attest('another')))).toBe('The client data answers another challenge.');
  });

  test('proves possession: the public key cannot be exchanged', () => {
    const [mine, theirs] = [softwareKey().attest(CHALLENGE), softwareKey().attest(CHALLENGE)];
    const read = (a: Attestation) => JSON.parse(Buffer.from(a.credentialInfo.attestationData, 'base64url').toString());
    const attestationData = Buffer.from(JSON.stringify({ ...read(mine), publicKey: read(theirs).publicKey })).toString(
      'base64url',
    );
    expect(message(check({ ...mine, credentialInfo: { ...mine.credentialInfo, attestationData } }))).toBe(
      'The attestation signature does not verify.',
    );
  });
});

describe('the registration of a passkey', () => {
  test.each([
    ['P-256', 'none'],
    ['P-256', 'packed'],
    ['Ed25519', 'packed'],
    ['RSA', 'packed'],
  ] as const)('of type %s with attestation %s is accepted', (type, format) => {
    const key = softwarePasskey({ ...RP, type, format, counter: 3 });
    expect(check(key.attest(CHALLENGE))).toEqual({
      ok: true,
      value: {
        kind: 'Fido2',
        credId: key.credId,
        publicKey: key.publicKey.trimEnd(),
        counter: 3,
        rpId: RP.rpId,
        origin: RP.origin,
        backup: { isEligible: false, isBackedUp: false },
      },
    });
  });

  test.each([
    ['another relying party', { rpId: 'evil.example' }, 'The passkey was made for another relying party.'],
    ['another origin', { origin: 'https://evil.example' }, 'The origin is not one of the organisation.'],
    ['no user verified', { flags: 0x01 }, 'The authenticator did not verify its user.'],
  ])('is refused with %s', (_, changes, expected) => {
    expect(message(check(softwarePasskey({ ...RP, ...changes }).attest(CHALLENGE)))).toBe(expected);
  });

  test('is refused under another credential id', () => {
    const made = softwarePasskey(RP).attest(CHALLENGE);
    expect(message(check({ ...made, credentialInfo: { ...made.credentialInfo, credId: 'AAAA' } }))).toBe(
      'The credential id is not the one that was attested.',
    );
  });

  test('is refused with a self attestation by another key', () => {
    const made = softwarePasskey({ ...RP, format: 'packed' });
    const clientData = made.attest(CHALLENGE).credentialInfo.clientData;
    const altered = Buffer.from(made.attest(CHALLENGE).credentialInfo.attestationData, 'base64url');
    altered[altered.indexOf('sig') + 10] = (altered[altered.indexOf('sig') + 10] ?? 0) ^ 1;
    const attestation = {
      credentialKind: 'Fido2',
      credentialInfo: { credId: made.credId, clientData, attestationData: altered.toString('base64url') },
    } as const;
    expect(message(check(attestation))).toBe('The attestation is neither none nor a valid self attestation.');
  });
});

describe('CBOR', () => {
  test('with duplicate keys, indefinite lengths, tags, floats or missing bytes is refused', () => {
    for (const hex of [
      'a2010101',
      'a201010102',
      'bf0101ff',
      '5f4100ff',
      'c001',
      'f93c00',
      '5903e8',
      '9bffffffffffffffff',
    ]) {
      expect([hex, readCbor(Buffer.from(hex, 'hex'))]).toEqual([hex, null]);
    }
  });
  test('nested deeper than eight levels is refused', () => {
    expect(readCbor(Buffer.alloc(100_000, 0x81))).toBeNull();
  });
  test('round-trips what authenticators write', () => {
    const map = new Map<unknown, unknown>([
      [1, 2],
      [-257, 'text'],
      ['bytes', Buffer.alloc(300)],
    ]);
    expect(readCbor(encodeCbor(map))?.value).toEqual(map);
  });
});
