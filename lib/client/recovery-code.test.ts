import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyCredentialSignature } from '@/lib/authentication/node-verifier';
import { verifyAssertion } from '@/lib/authentication/verify-assertion';
import { verifyAttestation } from '@/lib/authentication/verify-attestation';
import { readRecoveryCode, recoveryKeyOf, toRecoveryCode } from './recovery-code';

const seed = fc.uint8Array({ minLength: 20, maxLength: 20 });

test('a code is read back whatever spacing and case it is typed with', () => {
  fc.assert(
    fc.property(seed, (bytes) => {
      const code = toRecoveryCode(bytes);
      expect(code).toMatch(/^([0-9A-Z]{4}-){8}[0-9A-Z]{4}$/);
      expect(readRecoveryCode(code)).toEqual(bytes);
      expect(readRecoveryCode(code.toLowerCase().replaceAll('-', ' '))).toEqual(bytes);
      expect(readRecoveryCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toEqual(bytes);
    }),
  );
});
test('a code with one wrong character is none', () => {
  fc.assert(
    fc.property(seed, fc.nat(31), fc.constantFrom('2', '7', 'X'), (bytes, place, wrong) => {
      const code = toRecoveryCode(bytes).replaceAll('-', '');
      if (code[place] === wrong) return;
      // One in a million passes the check by chance; the seed it gives is another one.
      expect(readRecoveryCode(code.slice(0, place) + wrong + code.slice(place + 1))).not.toEqual(bytes);
    }),
  );
  expect(readRecoveryCode('')).toBeNull();
  expect(readRecoveryCode('AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA')).toBeNull();
});
test('the key of a code attests and signs as the server verifies', () => {
  const key = recoveryKeyOf(new Uint8Array(20).fill(7));
  const site = { rpId: 'localhost', origins: ['http://localhost'], verify: verifyCredentialSignature };
  const attested = verifyAttestation({ attestation: key.attest('made'), challenge: 'made', ...site });
  expect(attested).toMatchObject({ ok: true, value: { credId: key.credId, publicKey: key.publicKey } });
  const { kind, credentialAssertion } = key.assert('recover');
  const asserted = (challenge: string) =>
    verifyAssertion({
      assertion: { kind, ...credentialAssertion },
      challenge,
      credential: { credId: key.credId, kind, publicKey: key.publicKey },
      ...site,
    });
  expect(asserted('recover').ok).toBe(true);
  expect(asserted('something else').ok).toBe(false);
});
